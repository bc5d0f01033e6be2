"""`failonce drill list|run`: real faults on the sample application, each with its truth."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec

from failonce.cli.narrator import Narrator
from failonce.model.drill import Truth


@click.group()
def command() -> None:
    """Rehearse an outage: a real fault, a real PostgreSQL, a verdict held against the truth."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_drills(as_json: bool) -> None:
    """Show all drills with their truth in a line."""
    from failonce import jsontext, plugins
    from failonce.app.drill import drills

    if as_json:
        facts = [{"id": name, "summary": plugins.summary(d), "truth": d.TRUTH} for name, d in drills().items()]
        click.echo(jsontext.dumps(facts), nl=False)
        return
    for name, drill in drills().items():
        click.echo(f"{name:<20} {plugins.summary(drill)}")
        click.echo(f"{'':<20} truth: {_truth(drill.TRUTH)}")


def _truth(truth: Truth) -> str:
    """Return what a drill's verdict is held against, in a line."""
    if truth.is_innocent:
        return "nothing is wrong; to name a cause is an error"
    blame = "no query to blame" if truth.is_decoy else f"culprit on {truth.culprit_relation}"
    return f"{' → '.join(truth.chain)}; {blame}"


@command.command("run")
@click.argument("name")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for all that comes of it.")
@click.option("--apply/--no-apply", default=False, help="Apply a proven fix.  [default: no-apply]")
@click.option("--json", "as_json", is_flag=True, help="Print the diagnosis and the drill's truth as JSON.")
def run_one(name: str, out: Path, apply: bool, as_json: bool) -> None:
    """Run one drill; exit with 1 when the verdict is not the truth."""
    with Narrator(quiet=as_json) as narrator:
        run(name, out, apply=apply, narrator=narrator, as_json=as_json)


def run(name: str, out: Path, *, apply: bool, narrator: Narrator, as_json: bool) -> None:
    """Run a drill, tell what came of it, and exit with what was found."""
    from failonce import jsontext
    from failonce.app.drill import Outcome, run_drill

    outcome: Outcome = run_drill(name, out, apply=apply, listener=narrator)
    if as_json:
        facts = msgspec.to_builtins(outcome.diagnosis) if outcome.diagnosis else {}
        facts |= {
            "drill": name,
            "truth": outcome.truth,
            "faults": outcome.faults,
            "seconds_to_cause": outcome.seconds_to_cause,
            "struck_at": outcome.struck_at,
        }
        click.echo(jsontext.dumps(facts), nl=False)
    narrator.console.print(_summary(outcome, out))
    sys.exit(1 if outcome.faults else 0)


def _summary(outcome: object, out: Path) -> str:
    from failonce.app.drill import Outcome

    assert isinstance(outcome, Outcome)
    if outcome.faults:
        return f"\n[bold red]The verdict is not the truth:[/] {'; '.join(outcome.faults)}"
    seconds = outcome.seconds_to_cause
    files = ("postmortem.html", "postmortem.md", "incident.json", "diagnosis.json", "recording")
    width = max(len(str(out / name)) for name in files)
    told = (
        "open it: for your director and your engineers",
        "the same in Markdown, 400 to 600 words",
        "diagnosis, remedy with its proof, timeline",
        "chain, culprit, ledger of wrong leads",
        f"failonce replay {out / 'recording'} --json says the same, without a database",
    )
    lines = [f"  {out / name!s:<{width}}  [dim]{what}[/]" for name, what in zip(files, told, strict=True)]
    return f"\n[bold green]Right[/], {seconds} s after the fault.\n\n" + "\n".join(lines)
