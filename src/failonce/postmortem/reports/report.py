"""What linting one document gave."""

from __future__ import annotations

from dataclasses import dataclass

from failonce.model.finding import Finding
from failonce.model.snapshot import Gap


@dataclass(frozen=True, slots=True)
class Report:
    """One document's findings, or the reason why it could not be looked at."""

    #: As the person named it.
    path: str
    findings: tuple[Finding, ...]
    gap: Gap | None = None
    #: What was doubtful about reading it: a guessed encoding.
    notes: tuple[str, ...] = ()

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(finding.severity == "error" for finding in self.findings)
