"""A proposed fix, its proof, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """What the planner would do with the culprit statement."""

    cost: float
    #: The node that reads the culprit's relation: `Seq Scan on reviews`, `Index Scan using ...`.
    node: str
    plan: str


@dataclass(frozen=True, slots=True)
class PlanProof:
    """The planner's choice without and with the fix, and where it was asked."""

    before: PlanSummary
    after: PlanSummary
    #: `twin` or `hypothetical`.
    where: str


@dataclass(frozen=True, slots=True)
class Remedy:
    """One fix for one diagnosis."""

    #: The fix's ID: `create-index`, `roll-back-release`, ...
    kind: str
    statement: str
    #: SQL to run, one statement; None when the fix is not SQL.
    sql: str | None
    #: How to undo it.
    undo: str | None
    proof: PlanProof | None = None
    #: What to do next, so that it neither spreads nor comes back.
    afterwards: tuple[str, ...] = ()
    #: Why there is no proof, when there is none.
    unproven: str | None = None
    applied_at: datetime | None = None
    finished_at: datetime | None = None
    #: What went wrong when it was applied.
    failed: str | None = None
