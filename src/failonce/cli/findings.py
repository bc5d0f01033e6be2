"""Show findings to a person: the line they are about with the words underlined, why it matters, what to write."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from failonce.app.lint import Report
    from failonce.model.finding import Finding

_COLOURS = {"error": "red", "warning": "yellow"}
_WIDEST = 100
#: Characters shown before the underlined words when a long line is cut.
_BEFORE = 24


def show(report: Report) -> None:
    """Print one document's findings and their number."""
    if report.gap:
        click.secho(f"error: {report.gap.reason}\n  try: {report.gap.hint}", fg="red", err=True)
        return
    for finding in report.findings:
        _show(report.path, finding)
    for note in report.notes:
        click.secho(f"{_printable(report.path)}: note: {note}", fg="yellow")
    warnings = len(report.findings) - report.errors
    told = [_counted(report.errors, "error")] * (report.errors > 0) + [_counted(warnings, "warning")] * (warnings > 0)
    click.secho(f"{_printable(report.path)}: {', '.join(told) or 'fine'}", bold=True)


def _show(path: str, finding: Finding) -> None:
    colour = _COLOURS.get(finding.severity, "red")
    severity = click.style(finding.severity, fg=colour, bold=True)
    where = f"{_printable(path)}:{finding.line}:{finding.column}"
    click.echo(f"{where}: {severity}: {click.style(_printable(finding.message), bold=True)} [{finding.rule}]")
    before, words, after = _cut(finding)
    if words.strip():
        margin = f"{finding.line:>6} | "
        click.echo(f"{margin}{before}{words}{after}")
        underline = "^" * _width(words)
        click.echo(f"{' ' * 6} | {' ' * _width(before)}{click.style(underline, fg=colour)}")
    click.echo(f"       why: {finding.why}")
    click.echo(f"     write: {_printable(finding.instead)}\n")


def _cut(finding: Finding) -> tuple[str, str, str]:
    """Return what is shown of a line: before, within and after the underlined words."""
    text, start, end = finding.text, finding.column - 1, finding.end_column - 1
    before, words, after = (_printable(part) for part in (text[:start], text[start:end], text[end:]))
    before = before.lstrip()
    if _width(before + words + after) > _WIDEST and len(before) > _BEFORE:
        before = "…" + before[-_BEFORE:]
    longest = _WIDEST - _width(before)
    if len(words) > longest:
        words, after = words[: longest - 1] + "…", ""
    room = max(_WIDEST - _width(before + words), 0)
    return before, words, after if len(after) <= room else after[:room] + "…"


def _printable(text: str) -> str:
    """Replace what could move the cursor or colour the terminal: a document is somebody else's text."""
    return "".join(c if c.isprintable() else " " for c in text)


def _width(text: str) -> int:
    """Count columns on a terminal: some characters take two, and combining ones none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
