"""`failonce drill list|run|record|train`: real faults on the sample applications, each with its truth."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
import msgspec

from failonce.cli.narrator import Narrator
from failonce.model.drill import Truth

if TYPE_CHECKING:
    from failonce.app.drill import Outcome
    from failonce.app.staging import Staging


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
    return f"{' → '.join(truth.chain)}; {truth.blame}"


def _staged(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say how a drill is staged; it gets what makes a Staging of a drill's name."""

    @click.option("--application", help="The sample application it strikes.  [default: the drill's first]")
    @click.option("--server", type=int, help="Major version of PostgreSQL.  [default: the newest at hand]")
    @click.option("--load", default="steady", show_default=True, type=click.Choice(["steady", "daily", "bursty"]))
    @click.option("--strength", default=1.0, show_default=True, help="1 for all of it, 0.33 for a third.")
    @click.option(
        "--course",
        default="sudden",
        show_default=True,
        type=click.Choice(["sudden", "ramp", "flap"]),
        help="How the fault comes, where the drill can.",
    )
    @click.option("--bouncer", is_flag=True, help="Put pgbouncer before the server, in transaction mode.")
    @functools.wraps(command)
    def staged(**options: Any) -> None:
        from failonce.app.staging import Staging

        names = ("application", "server", "load", "strength", "course", "bouncer")
        how = {name: options.pop(name) for name in names}
        command(stage=lambda drill: Staging(drill, **how), **options)

    return staged


@command.command("run")
@click.argument("name")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for all that comes of it.")
@click.option("--apply/--no-apply", default=False, help="Apply a proven fix.  [default: no-apply]")
@click.option("--json", "as_json", is_flag=True, help="Print the diagnosis and the drill's truth as JSON.")
@_staged
def run_one(name: str, out: Path, apply: bool, as_json: bool, stage: Callable[[str], Staging]) -> None:
    """Run one drill; exit with 1 when the verdict is not the truth."""
    with Narrator(quiet=as_json) as narrator:
        run(stage(name), out, apply=apply, narrator=narrator, as_json=as_json)


@command.command("record")
@click.argument("names", nargs=-1, required=True)
@click.option("--examples", type=click.Path(path_type=Path), default=Path("examples"), show_default=True)
@_staged
def record_some(names: tuple[str, ...], examples: Path, stage: Callable[[str], Staging]) -> None:
    """Run drills and keep each as a small recording with its verdict, in place of the one before."""
    from failonce.app.record import record

    wrong = 0
    with Narrator(quiet=True) as narrator:
        for name in names:
            outcome = record(stage(name), examples, listener=narrator)
            wrong += bool(outcome.faults)
            seconds = f"{outcome.seconds_to_cause} s" if outcome.seconds_to_cause is not None else "no verdict"
            click.echo(f"{name:<28} {seconds:>10}  {'; '.join(outcome.faults) or 'right'}")
    sys.exit(1 if wrong else 0)


@command.command("train")
@click.argument("name")
@click.option("--recording", type=click.Path(path_type=Path), help="A recorded outage.  [default: one is made now]")
@_staged
def train_one(name: str, recording: Path | None, stage: Callable[[str], Staging]) -> None:
    """Play the on-call engineer: ask for evidence, name a cause, be timed; exit with 1 when it was another."""
    from failonce.app.training import Training, rehearse
    from failonce.cli.trainer import told, train

    with Narrator() as narrator:
        training = Training(name, recording) if recording else rehearse(stage(name), listener=narrator)
    score = train(training, narrator.console)
    if score is not None:
        narrator.console.print(told(score))
    sys.exit(0 if score is not None and score.is_right else 1)


def run(drill: str | Staging, out: Path, *, apply: bool, narrator: Narrator, as_json: bool) -> NoReturn:
    """Run a drill, tell what came of it, and exit with what was found."""
    outcome = tell(drill, out, apply=apply, narrator=narrator, as_json=as_json)
    sys.exit(1 if outcome.faults else 0)


def tell(drill: str | Staging, out: Path, *, apply: bool, narrator: Narrator, as_json: bool) -> Outcome:
    """Run a drill and tell what came of it."""
    from failonce import jsontext
    from failonce.app.drill import run_drill

    outcome = run_drill(drill, out, apply=apply, listener=narrator)
    if as_json:
        facts = msgspec.to_builtins(outcome.diagnosis) if outcome.diagnosis else {}
        facts |= {
            "drill": outcome.drill,
            "truth": outcome.truth,
            "faults": outcome.faults,
            "seconds_to_cause": outcome.seconds_to_cause,
            "struck_at": outcome.struck_at,
        }
        click.echo(jsontext.dumps(facts), nl=False)
    narrator.console.print(_summary(outcome, out))
    return outcome


def _summary(outcome: object, out: Path) -> str:
    from failonce.app.drill import Outcome

    assert isinstance(outcome, Outcome)
    if outcome.faults:
        return f"\n[bold red]The verdict is not the truth:[/] {'; '.join(outcome.faults)}"
    seconds = outcome.seconds_to_cause
    told = {
        "postmortem.html": "open it: for your director and your engineers",
        "postmortem.md": "the same in Markdown, 400 to 600 words",
        "incident.json": "diagnosis, remedy with its proof, timeline",
        "diagnosis.json": "chain, culprit, ledger of wrong leads",
        "failure.twin": f"failonce guard add {out} makes a guard of it, to be proven and run in CI",
        "recording": f"failonce replay {out / 'recording'} --json says the same, without a database",
    }
    width = max(len(str(out / name)) for name in told)
    lines = [f"  {out / name!s:<{width}}  [dim]{what}[/]" for name, what in told.items() if (out / name).exists()]
    return f"\n[bold green]Right[/], {seconds} s after the fault.\n\n" + "\n".join(lines)
