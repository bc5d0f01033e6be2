"""`failonce twin pull|up|plan|helper`: production's planner without production's data."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import click

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def command() -> None:
    """Plan statements as production would, from a small file without production's data."""


@command.command()
@click.argument("dsn")
@click.option("-o", "--output", type=_FILE, required=True, help="The twin file to write.")
@click.option("--keep", multiple=True, metavar="TABLE.COLUMN", help="Keep this column's values. May be repeated.")
def pull(dsn: str, output: Path, keep: tuple[str, ...]) -> None:
    """Write the schema, sizes, statistics and planner settings of a database to a file.

    The values in the statistics are masked: order, shares and correlation stay. DSN is a monitoring role's.
    """
    from failonce.amount import size
    from failonce.app.twin import pull as pull_twin

    done = pull_twin(dsn, output, keep=keep)
    relations = done.blueprint.relations
    tables = [r for r in relations if r.kind in "rpm"]
    indexes = [r for r in relations if r.kind == "i"]
    data = sum(r.bytes or 0 for r in relations)
    click.echo(f"{output}: {len(tables)} tables, {len(indexes)} indexes, {size(data)} of data in {size(done.bytes)}")
    masked = sum(bool(c.common or c.bounds or c.elements) for c in done.blueprint.columns)
    click.echo(f"masked: the values of {masked} columns; kept: {', '.join(keep) or 'none'}")
    for lacking in done.blueprint.missing:
        click.secho(f"not in it: {lacking}", fg="yellow")


@command.command()
@click.argument("file", type=_FILE)
def up(file: Path) -> None:
    """Start the twin of a file and keep it until Ctrl-C, for psql and other tools."""
    from failonce.app.twin import running

    # A supervisor ends a program with SIGTERM: go the same way as with Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with running(file) as twin:
        for gap in twin.gaps:
            click.secho(f"{gap.reason}: {gap.impact}\n  try: {gap.hint}", fg="yellow", err=True)
        click.echo(twin.dsn)
        click.echo("It plans and has no rows: EXPLAIN only. Ctrl-C ends it.", err=True)
        signal.pause()


@command.command()
@click.argument("file", type=_FILE)
@click.argument("query")
@click.option("--with", "ddl", multiple=True, metavar="DDL", help="As if this had been run. May be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print cost, node and plan as JSON.")
def plan(file: Path, query: str, ddl: tuple[str, ...], as_json: bool) -> None:
    """Print the plan production would choose; nothing is executed. QUERY may be - for standard input.

    Values may be there or not: `?`, `$1` and `%s` stand for one.
    """
    from failonce import jsontext
    from failonce.app.twin import plan as plan_on_twin

    planned = plan_on_twin(file, sys.stdin.read() if query == "-" else query, ddl)
    click.echo(jsontext.dumps(planned) if as_json else planned.plan, nl=not as_json)


@command.command()
@click.option("--role", required=True, help="The role that pulls twins, such as failonce.")
def helper(role: str) -> None:
    """Print SQL that lets a monitoring role read planner statistics; an administrator runs it, or does not."""
    from failonce.app.twin import helper_sql

    click.echo(helper_sql(role), nl=False)
