"""What a step may be handed by the floor above: the shapes only, so that no step knows another."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from failonce.model.remedy import PlanSummary


class Scales(Protocol):
    """Indexes that are built, each to be shown to the planner or hidden from it."""

    @property
    def bytes_of(self) -> Mapping[str, int]:
        """The size each would have, by its statement; what is not in it was left out."""
        ...

    @property
    def refused(self) -> Mapping[str, str]:
        """Why a statement was left out."""
        ...

    def explain(self, query: str, shown: Collection[str] = ()) -> dict[str, Any]:
        """Return the plan, as EXPLAIN (VERBOSE, FORMAT JSON) gives it, if these indexes and no others were there."""
        ...


class Planner(Protocol):
    """Answers what PostgreSQL's planner would do, without running anything."""

    @property
    def where(self) -> str:
        """`twin` or `hypothetical`."""
        ...

    @property
    def parents(self) -> Mapping[str, str]:
        """Each partition with the table whose indexes it gets."""
        ...

    @property
    def few_valued(self) -> Collection[str]:
        """Columns, such as `orders.state`, that have a handful of values."""
        ...

    def plan(self, query: str, ddl: Sequence[str] = ()) -> PlanSummary:
        """Plan a query, with values or without, as if these statements had been run."""
        ...

    def weigh(self, statements: Mapping[str, Sequence[str]], ddl: Sequence[str] = ()) -> AbstractContextManager[Scales]:
        """Build CREATE INDEX statements, each after those it needs first, once this DDL has run."""
        ...

    def explain(self, query: str, ddl: Sequence[str] = (), *, verbose: bool = False) -> dict[str, Any]:
        """Return the plan as EXPLAIN (FORMAT JSON) gives it: the object under "Plan"."""
        ...
