"""`failonce restore`: fill an empty store from a backup."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from failonce.cli.stores import store_option


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@store_option
def command(file: Path, store: str | None) -> None:
    """Fill an empty store from FILE, which `failonce backup` wrote: all of it or nothing; then check every hash.

    Exit with 1 when a hash is not right.
    """
    from failonce.app.backup import restore

    done = restore(file, store)
    found = done.verification
    click.echo(f"restored: {found.incidents} incidents, {found.versions} versions of postmortems")
    for broken in found.broken:
        click.secho(f"{broken.place}: {broken.reason}", fg="red", err=True)
    click.echo(
        "every hash is right" if not found.broken else f"{len(found.broken)} places are not as they were written"
    )
    sys.exit(1 if found.broken else 0)
