"""What a step may be handed by the floor above: the shapes only, so that no step knows another."""

from __future__ import annotations

from typing import Protocol

from failonce.model.remedy import PlanSummary


class Planner(Protocol):
    """Answers what PostgreSQL's planner would do, without running anything."""

    @property
    def where(self) -> str:
        """`twin` or `hypothetical`."""
        ...

    def plan(self, query: str, indexes: tuple[str, ...] = ()) -> PlanSummary:
        """Plan a normalised query as if the given CREATE INDEX statements had been run."""
        ...

    def explain(self, query: str) -> dict[str, object]:
        """Return the plan as EXPLAIN (FORMAT JSON) gives it: the object under "Plan"."""
        ...
