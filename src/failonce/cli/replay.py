"""`failonce replay`: a recording leads to the same verdict again, with no database at hand."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from failonce.cli.narrator import Narrator


@click.command()
@click.argument("recording", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the diagnosis as JSON, to the byte what the watch wrote.")
@click.option("--all", "every", is_flag=True, help="With --json: every incident's diagnosis, not the last one's only.")
def command(recording: Path, as_json: bool, every: bool) -> None:
    """Replay a recording and say what the watch said, with no database at hand."""
    from failonce import jsontext
    from failonce.app.replay import diagnoses, replay

    if as_json:
        found = diagnoses(recording)
        for diagnosis in found if every else found[-1:]:
            click.echo(jsontext.dumps(diagnosis), nl=False)
        sys.exit(0 if found else 1)
    with Narrator() as narrator:
        for event in replay(recording):
            narrator(event)
