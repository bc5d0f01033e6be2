"""`failonce site`: the book's pages as files."""

from __future__ import annotations

from pathlib import Path

import click

from failonce.model.errors import UsageError


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--store", help="The store: a file or a URL.  [default: as in failonce.toml]")
@click.option("--config", type=click.Path(path_type=Path), help="Another failonce.toml.")
def command(out: Path, store: str | None, config: Path | None) -> None:
    """Write the pages into the folder OUT, searchable, to be opened from there or published anywhere.

    Incidents private to a group are left out, and so is everything that needs a server.
    """
    from failonce.app.pages.desk import open_desk
    from failonce.app.settings import load

    try:
        from failonce.web.site import write_site
    except ImportError as problem:
        raise UsageError("The pages need the extra `web`.", hint="pip install 'failonce[web]'") from problem

    with open_desk(load(config), store) as desk:
        files = sum(1 for _ in write_site(desk, out))
    click.echo(f"{files} files: open {out / 'index.html'}")
