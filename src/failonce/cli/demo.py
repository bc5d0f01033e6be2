"""`failonce demo`: the main job, from outage to postmortem, in about a minute and a half."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from failonce.cli.drill import tell
from failonce.cli.narrator import Narrator


@click.command()
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the documents; by itself failonce-demo-N.")
@click.option("--drill", default="missing-index", show_default=True, help="See `failonce drill list`.")
@click.option("--json", "as_json", is_flag=True, help="Print the diagnosis as JSON and nothing else.")
def command(out: Path | None, drill: str, as_json: bool) -> None:
    """Watch an outage on a real PostgreSQL: found, named, fixed, written down."""
    from failonce.app.keepsake import keep_demo

    folder = out or _next_folder(Path())
    with Narrator(quiet=as_json) as narrator:
        narrator.console.print("[bold]failonce[/] · an outage, found, named, fixed and written down\n")
        outcome = tell(drill, folder, apply=True, narrator=narrator, as_json=as_json)
        if outcome.incident:
            narrator.console.print(_offer(keep_demo(outcome.incident), folder))
    sys.exit(1 if outcome.faults else 0)


def _offer(is_kept: bool, folder: Path) -> str:
    command = "failonce web" if is_kept else f"failonce web --store {folder / 'failonce.db'}"
    return f"  [bold]{command}[/]  the incident, its postmortem and its action items, in a browser"


def _next_folder(parent: Path) -> Path:
    numbers = (n for n in range(1, 10_000) if not (parent / f"failonce-demo-{n}").exists())
    return parent / f"failonce-demo-{next(numbers)}"
