"""`failonce watch`: observe a target, once a second, until told to stop."""

from __future__ import annotations

import signal
import threading
from datetime import timedelta
from pathlib import Path

import click

from failonce.cli.narrator import Narrator


@click.command()
@click.argument("target", required=False)
@click.option("--dsn", help="Watch this database instead of a configured target.")
@click.option("--config", type=click.Path(path_type=Path), help="Another failonce.toml.")
@click.option("--reports", type=click.Path(path_type=Path), help="Folder for each incident's documents.")
@click.option("--apply", is_flag=True, help="Apply a proven fix without asking.")
def command(target: str | None, dsn: str | None, config: Path | None, reports: Path | None, apply: bool) -> None:
    """Watch a target: record it, and on an outage diagnose, propose and write down.

    TARGET is a name in failonce.toml; with one target there it may be left out.
    """
    from failonce.app.settings import load
    from failonce.app.watch import WatchOptions, watch

    settings = load(config, dsn=dsn)
    chosen = settings.target(target)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    folder = settings.recording_directory / chosen.name
    options = WatchOptions(folder, reports, raw=timedelta(hours=settings.raw_hours), apply=apply)
    with Narrator() as narrator:
        narrator.console.print(f"Watching [bold]{chosen.name}[/]; Ctrl-C ends it. Recording: {folder}")
        watch(chosen, options, stop, store=settings.store_url, listener=narrator)
