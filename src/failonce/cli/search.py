"""`failonce search`: find incidents by any word in them."""

from __future__ import annotations

import sys

import click

from failonce.cli.stores import json_option, printable, store_option


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("-n", "--limit", type=click.IntRange(1, 500), default=10, show_default=True, help="How many to show.")
@json_option
@store_option
def command(words: tuple[str, ...], limit: int, as_json: bool, store: str | None) -> None:
    """Search titles, timelines, postmortems and action items, the best match first.

    All WORDS must occur, in any form; several words in quotes ('"full scan"') as they stand; none with a minus after
    --, as in: failonce search -- pool -deadlock. Exit with 1 when nothing is found.
    """
    from failonce import jsontext
    from failonce.app.bookkeeping import search

    page = search(store, " ".join(words), limit=limit)
    if as_json:
        click.echo(jsontext.dumps(page), nl=False)
        sys.exit(0 if page.total else 1)
    for hit in page.items:
        click.secho(printable(hit.dossier.title), bold=True, nl=False)
        click.secho(f"  {hit.dossier.id}  {hit.dossier.failure.cause or 'cause not known'}", dim=True)
        marked = (
            click.style(printable(text), fg="yellow") if is_match else printable(text) for text, is_match in hit.excerpt
        )
        click.echo(f"  {hit.where}: {''.join(marked)}\n")
    click.echo(f"{page.total} found" + (f", {len(page.items)} shown" if page.total > len(page.items) else ""))
    sys.exit(0 if page.total else 1)


def _marked(text: str, is_match: bool) -> str:
    return click.style(printable(text), fg="yellow") if is_match else printable(text)
