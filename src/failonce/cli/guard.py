"""`failonce guard add|prove|check`: what keeps an outage from coming twice, as plain files in your repository."""

from __future__ import annotations

import sys
from pathlib import Path

import click

_FOLDER = click.option(
    "--folder", type=click.Path(path_type=Path), default=Path("guards"), show_default=True, help="Where the guards are."
)


@click.group()
def command() -> None:
    """Keep an outage from coming twice: a guard is red on the failure as recorded, and green on its fix."""


@command.command()
@click.argument("incident", type=click.Path(path_type=Path))
@click.option("--name", help="The guard's name.  [default: its cause and relation]")
@click.option("--store", help="The store that has the incident's action items.")
@_FOLDER
def add(incident: Path, name: str | None, store: str | None, folder: Path) -> None:
    """Make a guard from an incident's folder, such as failonce-demo-1.

    It plans the statement to blame on a twin of the database as it was then. Prove it next.
    """
    from failonce.app import guards

    made = guards.add(incident, folder, name=name, store=store)
    click.echo(f"{made.folder}: guards against {made.about.title[0].lower()}{made.about.title[1:]}")
    if made.about.action:
        click.echo(f"for action item {made.about.action}")
    if not made.read("fix.sql"):
        click.echo(f"No fix is known: write it to {made.folder / 'fix.sql'}, as DDL or as the statement rewritten.")
    click.echo(f"next: failonce guard prove {made.name}")


@command.command()
@click.argument("names", nargs=-1)
@click.option("--store", help="The store whose action item the proof verifies.")
@_FOLDER
def prove(names: tuple[str, ...], store: str | None, folder: Path) -> None:
    """Show guards red on the recorded failure and green on the fix, all of them when none is named.

    Exit with 1 when one proves nothing: a guard that was never red guards nothing.
    """
    from failonce.app import guards
    from failonce.app.review.options import load

    refused = False
    for guard in guards.guards(folder, names):
        proven = guards.prove(guard, load(), store=store)
        click.secho(proven.guard, bold=True)
        click.echo(
            f"  recorded failure  {_light('red', proven.red)}\n  fix               {_light('green', proven.green)}"
        )
        refused |= proven.refusal is not None
        click.secho(f"  not proven: {proven.refusal}" if proven.refusal else "  proven", bold=True)
        if proven.told:
            click.echo(f"  {proven.told}")
    sys.exit(1 if refused else 0)


@command.command()
@click.argument("names", nargs=-1)
@click.option("--twin", type=click.Path(path_type=Path), help="Today's twin: see failonce twin pull.")
@click.option("--twin-of", metavar="DSN", help="Make today's twin of this database.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "junit", "github", "markdown"]),
    default="text",
    show_default=True,
)
@_FOLDER
def check(names: tuple[str, ...], twin: Path | None, twin_of: str | None, form: str, folder: Path) -> None:
    """Run the guards of a repository, in CI: each has to be proven, and its statement harmless today.

    Exit with 1 when a guard is red or unproven, with 3 when one cannot be run.
    """
    from failonce.app import guards
    from failonce.app.review.formats import formatted
    from failonce.app.review.options import load, with_twin

    outcome = guards.check(guards.guards(folder, names), with_twin(load(), twin, twin_of))
    click.echo(formatted(outcome, form), nl=False)
    sys.exit(1 if outcome.errors else 3 if any(report.gap for report in outcome.reports) else 0)


def _light(wanted: str, said: str) -> str:
    is_red = not said.startswith("No finding")
    colour = "red" if is_red else "green"
    return click.style(f"{colour:<6}", fg=colour, bold=colour == wanted) + said
