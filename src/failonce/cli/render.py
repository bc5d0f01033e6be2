"""`failonce render`: a postmortem as a page, a PDF, JSON or one page for everybody."""

from __future__ import annotations

from pathlib import Path

import click

_FORMS = ("html", "pdf", "json", "onepager")


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--to", "form", type=click.Choice(_FORMS), default="html", show_default=True, help="What to make of it.")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Where to write it.  [default: beside FILE]")
def command(path: Path, form: str, out: Path | None) -> None:
    """Render a postmortem that anybody wrote: Markdown, or text with HTML in it.

    The HTML is one file: no script, nothing loaded, pictures from the document's folder carried along. When
    incident.json and recording/ lie beside the document, as `failonce demo --out` leaves them, the charts are in it.
    `onepager` is a PDF of one A4 page for those who were not there. PDFs need: pip install 'failonce[pdf]'
    """
    from failonce.app.render import render

    click.echo(f"written: {render(path, form, out)}")
