"""`failonce web`: the book's pages, on this machine unless told otherwise."""

from __future__ import annotations

from pathlib import Path

import click

from failonce.model.errors import UsageError


@click.command()
@click.option("--store", help="The store: a file or a URL.  [default: as in failonce.toml]")
@click.option("--config", type=click.Path(path_type=Path), help="Another failonce.toml.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535))
@click.option("--certificate", type=click.Path(exists=True, dir_okay=False), help="For TLS, in PEM.")
@click.option("--key", type=click.Path(exists=True, dir_okay=False), help="The certificate's key.")
def command(
    store: str | None, config: Path | None, host: str, port: int, certificate: str | None, key: str | None
) -> None:
    """Open the book in a browser: what runs now, incidents, postmortems, actions, insights.

    The first start prints a link that makes the first admin; there is no default password. Other people come in by
    links that an admin makes. Ctrl-C ends it.
    """
    from failonce.app.pages.desk import open_desk
    from failonce.app.settings import load

    try:
        from failonce.web.serve import Place, serve
    except ImportError as problem:
        raise UsageError("The pages need the extra `web`.", hint="pip install 'failonce[web]'") from problem

    place = Place(host, port, certificate, key)
    if not place.is_here and not certificate:
        click.secho(
            f"{host} can be reached by others, and passwords would travel in the open: put a proxy with TLS before it, "
            "or give --certificate and --key.",
            fg="yellow",
            err=True,
        )
    with open_desk(load(config), store) as desk:
        serve(desk, place, _say)


def _say(address: str) -> None:
    if "/welcome/" in address:
        click.echo(f"There is no account yet. Make the first admin, once, within a day:\n  {address}", err=True)
    else:
        click.echo(f"failonce web: {address}", err=True)
