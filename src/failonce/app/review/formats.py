"""The outcome of a review in the format asked for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from failonce import __version__, jsontext
from failonce.amount import percent
from failonce.annotations import github
from failonce.app.review.options import all_rules
from failonce.app.review.statements import Outcome, Together
from failonce.guard.reports.junit import junit
from failonce.guard.reports.markdown import markdown
from failonce.guard.reports.text import text
from failonce.model.errors import UsageError
from failonce.sarif import sarif

_MB = 1_000_000
FORMATS = ("text", "json", "sarif", "junit", "github", "markdown")


def formatted(outcome: Outcome, form: str) -> str:
    """Return the findings as one of FORMATS."""
    match form:
        case "sarif":
            return sarif(outcome.reports, _pages(outcome))
        case "junit":
            return junit(outcome.reports)
        case "github":
            return github(outcome.reports)
        case "markdown":
            return markdown(outcome.reports, told=outcome.told)
        case "json":
            told = {
                "version": __version__,
                "told": outcome.told,
                "reports": json.loads(jsontext.dumps(outcome.reports)),
            }
            if outcome.together:
                told["together"] = json.loads(jsontext.dumps(outcome.together))
            return jsontext.dumps(told)
        case _:
            return text(outcome.reports, told=outcome.told) + _together(outcome.together)


def _together(found: Together | None) -> str:
    """Say which indexes serve all statements best, in words."""
    if found is None:
        return ""
    within = f"within {found.budget // _MB:,} MB"
    if not found.ddl:
        return f"\nNo index {within} makes these {found.statements} statements cheaper together.\n"
    left = percent(found.cost_after / found.cost_before)
    says = f"Together, {within}: indexes of {found.bytes / _MB:,.0f} MB leave {left} of the planned cost"
    says += f" of {found.statements} statements in all their calls."
    return "\n".join(["", says, *(f"  {statement};" for statement in found.ddl), ""])


def report_files(asked: Sequence[str], *, option: str) -> list[tuple[str, Path]]:
    """Return what is asked for as FORMAT=FILE. Raises UsageError."""
    read = [written.partition("=") for written in asked]
    for form, _, file in read:
        if form not in FORMATS or not file:
            raise UsageError(f"{form} is no format.", hint=f"Write {option} FORMAT=FILE: {', '.join(FORMATS)}.")
    return [(form, Path(file)) for form, _, file in read]


def write_reports(outcome: Outcome, files: Sequence[tuple[str, Path]]) -> None:
    """Write the findings in each format to its file."""
    for form, path in files:
        path.write_text(formatted(outcome, form), encoding="utf-8")


def _pages(outcome: Outcome) -> dict[str, str]:
    """Return the page of each rule: ours, and what others' say of themselves."""
    found = {finding.rule: finding.why for report in outcome.reports for finding in report.findings}
    return {**found, **all_rules()}
