"""`failonce read`: what postmortems say, as facts."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line, in the order of the files.")
def command(paths: tuple[Path, ...], as_json: bool) -> None:
    """Read postmortems that anybody wrote: when, what, why, who, and what the specification still misses.

    Markdown, HTML or plain text. Each fact has the line it was read from; what is doubtful is said.
    """
    from failonce.app.read import read_files

    for path, facts in read_files(paths):
        if as_json:
            click.echo(json.dumps({"path": str(path), **facts.plain()}, ensure_ascii=False))
            continue
        plain = facts.plain()
        click.secho(str(path), bold=True)
        for name, value in plain.items():
            if name not in ("places", "doubts", "requirements_met", "sections_present"):
                _line(name, value)
        missing = [name for name, met in facts.requirements_met.items() if not met]
        _line("not met", ", ".join(missing) or "nothing")
        for doubt in facts.doubts:
            click.secho(f"  line {doubt.line}: {doubt.message}", fg="yellow")


def _line(name: str, value: object) -> None:
    if isinstance(value, list):
        click.echo(f"  {name}: {len(value)}")
        for one in value:
            click.echo(f"    - {one}")
    elif value is not None:
        click.echo(f"  {name}: {value}")
