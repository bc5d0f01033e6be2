"""Findings about statements for a person: where, what, the statement, the plan's node, who sends it, what to do."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from failonce.model.finding import Finding, QueryFinding, Report

_WIDTH = 110
_LONGEST_STATEMENT = 320
_MARGIN = 11


def text(reports: Sequence[Report], *, told: str) -> str:
    """Return the findings, the notes, and in the last line what was looked at and how it came out."""
    parts = [part for report in reports for part in _report(report)]
    errors = sum(report.errors for report in reports)
    warnings = sum(len(report.findings) for report in reports) - errors
    counts = [
        f"{number} {noun}{'' if number == 1 else 's'}" for number, noun in ((errors, "error"), (warnings, "warning"))
    ]
    said = ", ".join(count for count in counts if not count.startswith("0 ")) or "fine"
    return "\n".join([*parts, f"{told}: {said}"]) + "\n"


def _report(report: Report) -> Iterator[str]:
    for found in report.findings:
        yield "\n".join(_finding(report.path, found)) + "\n"
    if report.gap:
        reason = f"{printable(report.path)}: not reviewed: {printable(report.gap.reason)}"
        yield f"{reason}\n{_row('try', report.gap.hint)}\n"
    for note in report.notes:
        yield f"{printable(report.path)}: note: {printable(note)}"


def _finding(path: str, found: Finding) -> Iterator[str]:
    yield f"{printable(path)}:{found.line}: {found.severity}: {printable(found.message)} [{found.rule}]"
    if isinstance(found, QueryFinding):
        if found.statement:
            yield _row("query", _cut(found.statement))
        if found.node:
            yield _row("plan", found.node)
        if found.tests:
            yield _row("test", ", ".join(found.tests))
    yield _row("why", found.why)
    yield _row("fix", found.instead)
    if isinstance(found, QueryFinding) and found.rewrite:
        yield _row("rewrite", found.rewrite.told)
        yield textwrap.indent("\n".join(map(printable, found.rewrite.sql.split("\n"))), " " * (_MARGIN + 2))


def _row(name: str, value: str) -> str:
    first = f"{name:>{_MARGIN - 2}}: "
    wrapper = textwrap.TextWrapper(_WIDTH, first, " " * _MARGIN, break_long_words=False, break_on_hyphens=False)
    return wrapper.fill(printable(value))


def _cut(statement: str) -> str:
    return statement if len(statement) <= _LONGEST_STATEMENT else statement[: _LONGEST_STATEMENT - 1] + "…"


def printable(value: str) -> str:
    """Replace what could move the cursor or colour a terminal: a statement is somebody else's text."""
    return "".join(c if c.isprintable() else " " for c in value)
