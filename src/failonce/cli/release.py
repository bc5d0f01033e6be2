"""`failonce release`: say that a release goes live, from a deployment's pipeline."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("version")
@click.option("--target", "name", help="The target; with one in failonce.toml it may be left out.")
@click.option("--config", type=click.Path(path_type=Path), help="Another failonce.toml.")
def command(version: str, name: str | None, config: Path | None) -> None:
    """Announce that release VERSION goes live now, so that a diagnosis can blame it or clear it."""
    from failonce.app.release import announce
    from failonce.app.settings import load

    settings = load(config)
    event = announce(settings, version, name)
    click.echo(f"{event.release} announced at {event.at:%Y-%m-%d %H:%M:%S} UTC")
