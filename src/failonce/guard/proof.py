"""The proof of a guard: red on the recorded failure, green on the fix. A guard that was never red guards nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from failonce.model.finding import Finding, Report


@dataclass(frozen=True, slots=True)
class Trial:
    """What a guard said when it was tried."""

    #: On the recorded failure.
    red: tuple[Finding, ...]
    #: On the fix; None when there was no fix to try.
    green: tuple[Finding, ...] | None

    @property
    def refusal(self) -> str | None:
        """Why this proves nothing; None when it does."""
        if not errors(self.red):
            return "it is green on the recorded failure: a guard that was never red guards nothing"
        if self.green is None:
            return "there is no fix to be green on"
        if errors(self.green):
            return f"it is still red on the fix: {said(self.green)}"
        return None


def errors(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings that fail a build."""
    return tuple(finding for finding in findings if finding.severity == "error")


def said(findings: Sequence[Finding]) -> str:
    """Return in a line what a guard says."""
    told = [f"{finding.message} [{finding.rule}]" for finding in errors(findings)]
    return " ".join(told) or "No finding of severity error."


def findings_of(reports: Sequence[Report]) -> tuple[Finding, ...]:
    """Return the findings of all reports."""
    return tuple(finding for report in reports for finding in report.findings)
