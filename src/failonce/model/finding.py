"""What a rule says about a document, a statement or a migration."""

from __future__ import annotations

from dataclasses import dataclass

from failonce.model.rewrite import Rewrite
from failonce.model.snapshot import Gap


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's finding: what, where, why it matters, what to write instead."""

    rule: str
    #: `error` or `warning`.
    severity: str
    line: int
    message: str
    why: str
    instead: str
    #: The words it is about, as read; empty when it is about something missing.
    quote: str = ""
    #: The first column and the one behind the last, counted in characters from 1.
    column: int = 1
    end_column: int = 1
    #: The line as it stands in the document.
    text: str = ""

    @property
    def told(self) -> tuple[str, ...]:
        """What is to be said of it, in order."""
        return self.message, self.why, self.instead


@dataclass(frozen=True, slots=True)
class QueryFinding(Finding):
    """A finding about a statement: with the statement, its plan and who sends it."""

    statement: str = ""
    fingerprint: str = ""
    #: The node of the plan it is about, in the words of EXPLAIN; empty when the statement itself says it.
    node: str = ""
    #: The tests that send it.
    tests: tuple[str, ...] = ()
    #: A cheaper way to write the statement.
    rewrite: Rewrite | None = None

    @property
    def told(self) -> tuple[str, ...]:
        """What is to be said of it, in order: with the statement and the node of its plan."""
        shown = [f"{name}: {value}" for name, value in (("Plan", self.node), ("Query", self.statement)) if value]
        rewrite = (f"Rewrite: {self.rewrite.sql}", self.rewrite.told) if self.rewrite else ()
        return self.message, *shown, self.why, self.instead, *rewrite


@dataclass(frozen=True, slots=True)
class Report:
    """One file's findings, or the reason why it could not be looked at."""

    #: As the person named it.
    path: str
    findings: tuple[Finding, ...]
    gap: Gap | None = None
    #: What was doubtful about reading it: a guessed encoding, a statement that could not be planned.
    notes: tuple[str, ...] = ()

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(finding.severity == "error" for finding in self.findings)
