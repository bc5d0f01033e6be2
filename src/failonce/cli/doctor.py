"""`failonce doctor`: what failonce can see of a target, what not, and what to do about it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

_MARKS = {"ok": ("✔", "green"), "warning": ("!", "yellow"), "error": ("✘", "red"), "not checked": ("–", "bright_black")}


@click.command()
@click.argument("target", required=False)
@click.option("--dsn", help="Examine this database instead of a configured target.")
@click.option("--config", type=click.Path(path_type=Path), help="Another failonce.toml.")
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
def command(target: str | None, dsn: str | None, config: Path | None, as_json: bool) -> None:
    """Check what failonce can see of a target before there is trouble.

    Exit with 1 when a check found an error.
    """
    from failonce import jsontext
    from failonce.app.doctor import examine
    from failonce.app.settings import load

    checks = examine(load(config, dsn=dsn).target(target))
    if as_json:
        click.echo(jsontext.dumps(checks), nl=False)
    else:
        for check in checks:
            mark, colour = _MARKS[check.state]
            click.secho(f"{mark} {check.id}  {check.title}: {check.found}", fg=colour)
            if check.state not in ("ok", "not checked"):
                click.echo(f"        {check.why}\n        → {check.hint}")
    sys.exit(1 if any(check.state == "error" for check in checks) else 0)
