"""`failonce demo`: the main job, from outage to postmortem, in about a minute and a half."""

from __future__ import annotations

from pathlib import Path

import click

from failonce.cli.drill import run
from failonce.cli.narrator import Narrator


@click.command()
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the documents; by itself failonce-demo-N.")
@click.option("--drill", default="missing-index", show_default=True, help="See `failonce drill list`.")
@click.option("--json", "as_json", is_flag=True, help="Print the diagnosis as JSON and nothing else.")
def command(out: Path | None, drill: str, as_json: bool) -> None:
    """Watch an outage on a real PostgreSQL: found, named, fixed, written down."""
    folder = out or _next_folder(Path())
    with Narrator(quiet=as_json) as narrator:
        narrator.console.print("[bold]failonce[/] · an outage, found, named, fixed and written down\n")
        run(drill, folder, apply=True, narrator=narrator, as_json=as_json)


def _next_folder(parent: Path) -> Path:
    numbers = (n for n in range(1, 10_000) if not (parent / f"failonce-demo-{n}").exists())
    return parent / f"failonce-demo-{next(numbers)}"
