"""`failonce diagnose`: one look at a database in trouble, an answer within fifteen seconds."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from failonce.cli.narrator import Narrator


@click.command()
@click.argument("dsn", required=False)
@click.option("--metrics-url", help="The application's Prometheus endpoint: tells the database's fault from others'.")
@click.option("--local", is_flag=True, help="The database runs on this machine: read its processors too.")
@click.option("--target", "name", help="A target of failonce.toml instead of a DSN.")
@click.option("--config", type=click.Path(path_type=Path), help="Another failonce.toml.")
@click.option("--json", "as_json", is_flag=True, help="Print the diagnosis as JSON.")
def command(
    dsn: str | None, metrics_url: str | None, local: bool, name: str | None, config: Path | None, as_json: bool
) -> None:
    """Diagnose a database in trouble that was never seen before.

    DSN is a connection string of the monitoring role, such as postgresql://failonce@db/shop. Exit with 1 when a cause
    was named.
    """
    from dataclasses import replace

    from failonce import jsontext
    from failonce.app.diagnose import diagnose_once
    from failonce.app.settings import load

    target = load(config, dsn=dsn).target(name)
    target = replace(target, metrics_url=metrics_url or target.metrics_url, local=local or target.local)
    with Narrator(quiet=as_json) as narrator:
        diagnosis = diagnose_once(target, narrator)
    if as_json:
        click.echo(jsontext.dumps(diagnosis), nl=False)
    sys.exit(0 if diagnosis.abstained else 1)
