"""What a query rule is shown: a statement, its plan on the twin, the database's structure, the plan kept of before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlglot
from sqlglot import exp

from failonce.guard.baseline import KeptPlan
from failonce.guard.statement import Statement
from failonce.model.correlation import StatisticsAdvice
from failonce.model.rewrite import Rewrite
from failonce.structure import Structure

Plan = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on something is worth a finding."""

    #: Rows from which on a table is large: reading all of it takes tens of milliseconds.
    large_rows: int = 100_000
    #: Rows of a result from which on nobody reads them all.
    result_rows: int = 10_000
    #: A statement that costs this much takes about a tenth of a second.
    slow_cost: float = 10_000.0
    #: OFFSET from which on a page reads mostly what it throws away.
    offset: int = 1_000
    #: Connections of the application's pool.
    pool_size: int = 10
    #: Sendings of one statement by one test, from one line, that make a loop.
    repeats: int = 10
    #: A plan that got this many times dearer than its tables grew is another plan.
    dearer: float = 3.0


@dataclass(frozen=True, slots=True)
class Advice:
    """What would help, and how much: tried on the twin."""

    sql: str
    cost_before: float
    cost_after: float
    #: What it costs each write, in a sentence.
    writes: str = ""

    @property
    def text(self) -> str:
        """The statement to run, and what the planner makes of it."""
        told = f"{self.sql}; cost {self.cost_before:,.0f} → {self.cost_after:,.0f}, planned on the twin. {self.writes}"
        return told.strip()


@dataclass(frozen=True, slots=True)
class Case:
    """One statement under review."""

    statement: Statement
    structure: Structure
    limits: Limits
    #: The top node of its plan; None when it could not be planned.
    plan: Plan | None = None
    advice: Advice | None = None
    #: Its plan as kept when it was last found right; of the statement it replaces, when it is new.
    kept: KeptPlan | None = None
    #: The planner's settings that are not as they were then.
    changed_settings: tuple[str, ...] = ()
    #: A cheaper way to write it.
    rewrite: Rewrite | None = None
    #: Statistics on several columns that it lacks.
    statistics: StatisticsAdvice | None = None
    #: Rows that each table gains a day; empty where nobody counted.
    growth: Mapping[str, float] = field(default_factory=dict)

    @property
    def tree(self) -> exp.Expr | None:
        """The statement's syntax, or None when it cannot be read. Shared: not to be changed."""
        return parsed(self.statement.sql)

    def is_large(self, table: str) -> bool:
        """Tell whether reading all of a table takes long."""
        return self.structure.rows(table) >= self.limits.large_rows


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found; the review adds the place, the statement and why it matters."""

    message: str
    #: What to do about it.
    instead: str
    #: The node of the plan it is about.
    node: str = ""
    #: The rule's own severity when None.
    severity: str | None = None


@lru_cache(maxsize=4096)
def parsed(sql: str) -> exp.Expr | None:
    """Return a statement's syntax tree, None when sqlglot cannot read it."""
    try:
        return sqlglot.parse_one(sql, dialect="postgres")
    except (sqlglot.errors.SqlglotError, RecursionError):
        return None
