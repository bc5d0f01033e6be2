"""The outcome of a review in the format asked for."""

from __future__ import annotations

import json

from failonce import __version__, jsontext
from failonce.amount import percent
from failonce.annotations import github
from failonce.app.review.options import all_rules
from failonce.app.review.statements import Outcome, Together
from failonce.guard.reports.junit import junit
from failonce.guard.reports.markdown import markdown
from failonce.guard.reports.text import text
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


def _pages(outcome: Outcome) -> dict[str, str]:
    """Return the page of each rule: ours, and what others' say of themselves."""
    found = {finding.rule: finding.why for report in outcome.reports for finding in report.findings}
    return {**found, **all_rules()}
