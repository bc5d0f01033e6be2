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
