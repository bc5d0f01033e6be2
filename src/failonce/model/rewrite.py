"""A statement written in another way: what it was held against, and what that showed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pair:
    """Two statements that are to give the same rows, with `$n` for what is sent along."""

    original: str
    rewritten: str
    #: So many columns at the end are what ORDER BY decides by: in these the rows must come in the same order.
    keys: int = 0


@dataclass(frozen=True, slots=True)
class Sameness:
    """How often two statements gave the same rows. It never says that they always do."""

    #: Generated data sets on which both ran.
    data_sets: int
    #: Executions of both, with other values sent along.
    runs: int


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A statement that the planner takes for cheaper, and that gave the same rows wherever it was tried."""

    #: Its rule: `not-exists`.
    kind: str
    what: str
    sql: str
    cost_before: float
    cost_after: float
    data_sets: int

    @property
    def told(self) -> str:
        """What is known of it, in a sentence."""
        costs = f"cost {self.cost_before:,.0f} → {self.cost_after:,.0f}, planned on the twin"
        return f"{self.what} {costs}; the same rows on {self.data_sets} generated data sets."
