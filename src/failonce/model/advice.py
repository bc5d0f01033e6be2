"""What would make a statement cheaper, as far as the planner takes it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IndexAdvice:
    """Indexes that the planner takes for a statement."""

    #: CREATE INDEX CONCURRENTLY, each after what it needs first (CREATE EXTENSION).
    statements: tuple[str, ...]
    cost_before: float
    cost_after: float
    #: What they would take on disk.
    bytes: int
    #: What they cost each write, in a sentence.
    writes: str


@dataclass(frozen=True, slots=True)
class StatisticsAdvice:
    """Statistics over several columns that an estimate lacks."""

    statement: str
    #: How many rows the planner expects, and how many there are.
    expected_rows: float
    actual_rows: float


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Another way to write a statement, with the same rows."""

    sql: str
    why: str
    cost_before: float
    cost_after: float
    #: An index it needs, if it needs one.
    index: str | None = None
    #: How the rows were compared, in a sentence; None where they were not.
    proof: str | None = None
