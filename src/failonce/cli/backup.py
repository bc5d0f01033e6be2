"""`failonce backup`: the whole book in one file."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from failonce.cli.stores import store_option


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@store_option
def command(file: Path, store: str | None) -> None:
    """Write the whole book to FILE, from SQLite or PostgreSQL, while others go on writing.

    FILE is there whole or not at all, and only you may read it. `failonce restore` fills an empty store from it, of
    either kind: so a book moves from SQLite to PostgreSQL. Exit with 1 when the book is not as it was written.
    """
    from failonce.app.backup import back_up

    done = back_up(file, store)
    rows = done.rows
    click.echo(f"written: {file}: {rows['incidents']} incidents, {rows['postmortem_versions']} versions of postmortems")
    for broken in done.verification.broken:
        click.secho(f"{broken.place}: {broken.reason}", fg="red", err=True)
    sys.exit(1 if done.verification.broken else 0)
