"""Findings as GitHub's workflow commands: annotations beside the lines of a pull request.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from failonce.model.finding import Report


def github(reports: Sequence[Report]) -> str:
    """Return a command a line: an error or a warning for each finding, an error for what could not be read."""
    return "".join(f"{line}\n" for report in reports for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    file = _property(report.path.removeprefix("./"))
    yield from (f"::notice file={file},title=failonce::{_data(note)}" for note in report.notes)
    for found in report.findings:
        place = f"file={file},line={found.line},col={found.column},endColumn={found.end_column}"
        title = _property(f"failonce {found.rule}")
        told = _data("\n".join(found.told))
        yield f"::{found.severity} {place},title={title}::{told}"
    if report.gap:
        told = _data(f"{report.gap.reason} {report.gap.hint}")
        yield f"::error file={file},title=failonce::{told}"


def _data(text: str) -> str:
    """Escape a message: a line break in it would end the command, and the next line could begin another."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
