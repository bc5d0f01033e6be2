"""`failonce import`: other people's postmortems into the book."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--store", help="The store: a file or a URL.  [default: as in failonce.toml]")
@click.option("-q", "--quiet", is_flag=True, help="Say only what could not be imported, and the sum.")
def command(paths: tuple[Path, ...], store: str | None, quiet: bool) -> None:
    """Import postmortems that anybody wrote into the store.

    A folder is searched for *.md, *.markdown, *.txt, and for *.json as Opsgenie's postmortem API answers. Front matter
    of icco/postmortems and cState is understood. Importing again changes nothing; a file that has changed is brought
    up to date. Exit with 3 when a file could not be imported.
    """
    from failonce.app.imports import import_into
    from failonce.app.operator import stamp

    new = known = failed = 0
    for told in import_into(store, paths, stamp()):
        if told.problem:
            failed += 1
            click.secho(f"not imported: {told.path}: {told.problem}", fg="red", err=True)
            continue
        new, known = new + told.is_new, known + (not told.is_new)
        if told.is_new and not quiet:
            click.echo(f"imported: {told.path}: {told.title}")
    click.echo(f"{new} imported, {known} already there, {failed} not readable")
    sys.exit(3 if failed else 0)
