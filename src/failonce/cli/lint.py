"""`failonce lint`: hold postmortems to the specification."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from failonce.app.lint import Report, Rule

_FORMATS = ("text", "json", "sarif", "github")


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--profile", help="seed, sre-book, atlassian, or one of failonce.toml.  [default: seed]")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--rules", "list_rules", is_flag=True, help="List the rules, as severe as the profile has them.")
@click.option("--explain", metavar="RULE", help="Print a rule's page.")
@click.option("--config", type=click.Path(path_type=Path), help="Another failonce.toml.")
def command(
    paths: tuple[Path, ...],
    profile: str | None,
    form: str,
    as_json: bool,
    list_rules: bool,
    explain: str | None,
    config: Path | None,
) -> None:
    """Say what a postmortem lacks or where it contradicts itself, why it matters and what to write instead.

    A folder is searched for *.md, *.markdown and *.txt. Exit with 1 when there are findings of severity error, with 3
    when a document could not be read.

    A rule is turned off for one document by a comment in it that says why:

        <!-- failonce: ignore RULE: reason -->
    """
    from failonce.app import lint
    from failonce.app.profiles import load

    held = load(profile, config)
    if list_rules or explain:
        chosen = [lint.rule(explain, held)] if explain else lint.rules(held)
        click.echo("\n".join(each.page if explain else _row(each) for each in chosen))
        return
    if not paths:
        raise click.UsageError("Name at least one file or folder: failonce lint postmortems/")
    reports = lint.lint_files(paths, held)
    _print(reports, "json" if as_json else form)
    sys.exit(3 if any(report.gap for report in reports) else 1 if any(report.errors for report in reports) else 0)


def _row(rule: Rule) -> str:
    return f"{rule.id:<24} {rule.severity:<8} {rule.summary}"


def _print(reports: Sequence[Report], form: str) -> None:
    from failonce.app.lint import formatted
    from failonce.cli.findings import show

    if form != "text":
        click.echo(formatted(reports, form), nl=False)
        return
    for report in reports:
        show(report)
