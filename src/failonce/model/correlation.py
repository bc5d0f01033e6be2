"""Columns whose values come together: what a statement asks of them, what was counted, what is advised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Columns = tuple[str, ...]

#: The two kinds of statistics that hold no value of a column, as CREATE STATISTICS names them.
DEPENDENCIES, NDISTINCT = "dependencies", "ndistinct"


@dataclass(frozen=True, slots=True)
class Correlation:
    """Columns of one table that a statement compares (DEPENDENCIES) or groups by (NDISTINCT) together."""

    #: As SQL takes it: `reviews`, `sales.orders`.
    relation: str
    #: In alphabetical order.
    columns: Columns
    kind: str


@dataclass(frozen=True, slots=True)
class Combinations:
    """How often values of some columns come together in a sample of a table: counts and shares, and no value."""

    #: Rows of the whole table there, and of the sample.
    table_rows: float
    sampled: int
    #: Different combinations in the sample, for each set of the columns, each in alphabetical order.
    groups: Mapping[Columns, int]
    #: Those seen once.
    once: Mapping[Columns, int]
    #: Different combinations in the same sample once each column was shuffled by itself.
    shuffled: Mapping[Columns, int]
    #: For each set of columns and another column: the share of rows whose values of the set come with one value of it.
    degrees: Mapping[tuple[Columns, str], float]

    def distinct(self, columns: Columns) -> float:
        """Estimate the combinations in the whole table, as ANALYZE does (Haas and Stokes; compute_distinct_stats)."""
        rows, found, once = self.sampled, self.groups[columns], self.once[columns]
        return max(1.0, rows * found / (rows - once + once * rows / max(self.table_rows, rows)))


@dataclass(frozen=True, slots=True)
class StatisticsAdvice:
    """A statistics object that lets the planner see what it plans for wrongly today, proven on the twin."""

    #: CREATE STATISTICS and ANALYZE.
    statements: tuple[str, ...]
    correlation: Correlation
    #: Rows, or groups, that the planner reckons with: today, and with the object.
    rows_before: float
    rows_after: float
    #: What today's plan costs at least, reckoned with the right number of rows, and what the new one costs.
    cost_before: float
    cost_after: float
    #: Rows that were counted.
    sampled: int
