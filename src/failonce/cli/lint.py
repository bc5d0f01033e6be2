"""`failonce lint`: hold postmortems to the specification."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(paths: tuple[Path, ...], as_json: bool) -> None:
    """Say what a postmortem lacks, where, why it matters and what to write instead.

    Exit with 1 when there are findings of severity error.
    """
    from failonce import jsontext
    from failonce.app.lint import lint_files

    found = lint_files(paths)
    if as_json:
        click.echo(jsontext.dumps([{"path": str(p), "findings": f} for p, f in found.items()]), nl=False)
    else:
        for path, findings in found.items():
            for finding in findings:
                click.secho(f"{path}:{finding.line}: {finding.message} [{finding.rule}]", bold=True)
                click.echo(f"    {finding.why}\n    → {finding.instead}")
            click.echo(f"{path}: {len(findings)} findings" if findings else f"{path}: fine")
    sys.exit(1 if any(f.severity == "error" for findings in found.values() for f in findings) else 0)
