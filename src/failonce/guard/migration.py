"""A migration as its rules see it: its statements in order, what they lock and how, and what they will meet. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from failonce import sqltext
from failonce.guard import sqlfile
from failonce.guard.baseline import Baseline
from failonce.guard.case import Limits, Plan
from failonce.guard.statement import Place
from failonce.structure import Structure, Table

_NAME = r'(?P<table>(?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))?)'
_ON_TABLE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"alter table (?:if exists )?(?:only )?{_NAME}",
        rf"create (?:unique )?index (?:concurrently )?(?:if not exists )?(?:[\w$\"]+ )?on (?:only )?{_NAME}",
        rf"(?:lock table|lock) (?:only )?{_NAME}",
        rf"(?:truncate table|truncate) (?:only )?{_NAME}",
        rf"drop table (?:if exists )?{_NAME}",
        rf"(?:vacuum \(?full\)?|cluster|reindex table) (?:verbose )?{_NAME}",
        rf"refresh materialized view {_NAME}",
        rf"update (?:only )?{_NAME}",
        rf"delete from (?:only )?{_NAME}",
    )
)
_CREATES = re.compile(rf"create (?:unlogged |temp |temporary )?table (?:if not exists )?{_NAME}")
_CREATES_INDEX = re.compile(
    r"create (?:unique )?index (?:concurrently )?(?:if not exists )?(?:[\w$\"]+ )?on (?:only )?(?P<table>[\w$.\"]+)"
    r"(?: using \w+)? ?\((?P<keys>[^()]+)"
)
#: These take a lock that stops reads or writes until the transaction ends.
_STRONG = (
    "alter table",
    "create index",
    "create unique index",
    "lock",
    "truncate",
    "drop table",
    "drop index",
    "reindex",
)
_WEAK = (" concurrently", " validate constraint", " set statistics", " set (")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of production when migrations are reviewed."""

    structure: Structure
    #: Plans of the statements that production runs.
    plans: Baseline = field(default_factory=Baseline)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Step:
    """One statement of a migration."""

    sql: str
    place: Place
    known: Known
    #: Statements with the same number commit together.
    transaction: int
    #: Tables that the migration made before this statement: empty, and nobody uses them yet.
    new_tables: frozenset[str]
    #: Table and leading columns of the indexes that the migrations make.
    new_indexes: tuple[tuple[str, tuple[str, ...]], ...]
    #: Of an UPDATE, DELETE or INSERT; None when it could not be planned.
    plan: Plan | None = None
    #: The statements before it in its transaction.
    before: tuple[Step, ...] = ()

    @cached_property
    def text(self) -> str:
        """The statement on one line, in lower case."""
        return sqltext.written(self.sql)

    @cached_property
    def table_name(self) -> str:
        """The table it is about, `public` left out; empty when it is about none."""
        found = next((match for pattern in _ON_TABLE if (match := pattern.match(self.text))), None)
        return found["table"].replace('"', "").removeprefix("public.") if found else ""

    @property
    def table(self) -> Table | None:
        """The table it is about, if production has it and the migration did not make it."""
        return None if self.table_name in self.new_tables else self.known.structure.table(self.table_name)

    @property
    def is_on_large(self) -> bool:
        """Tell whether its table is large."""
        return self.table is not None and self.table.rows >= self.known.limits.large_rows

    @property
    def is_on_small(self) -> bool:
        """Tell whether its table is new, or so small that reading or rewriting it takes no time."""
        if self.table_name in self.new_tables:
            return True
        return self.table is not None and self.table.rows < 0.1 * self.known.limits.large_rows

    @property
    def locks_strongly(self) -> bool:
        """Tell whether it stops reads or writes of its table until the transaction ends."""
        return self.text.startswith(_STRONG) and not any(word in self.text for word in _WEAK)


def steps(text: str, path: str, known: Known, *, in_one_transaction: bool = True) -> tuple[Step, ...]:
    """Return the statements of a migration; its tool runs it in one transaction unless it says otherwise."""
    written = sqlfile.split(text)[0]
    indexes = tuple(_new_indexes(each.sql for each in written))
    made: set[str] = set()
    found: list[Step] = []
    for each, transaction in _in_transactions(written, in_one_transaction):
        before = tuple(step for step in found if step.transaction == transaction)
        place = Place(path, each.line)
        found.append(Step(each.sql, place, known, transaction, frozenset(made), indexes, before=before))
        created = _CREATES.match(sqltext.written(each.sql))
        if created:
            made.add(created["table"].replace('"', "").removeprefix("public."))
    return tuple(found)


def users(plans: Baseline, index: str) -> str | None:
    """Return a statement that production runs with this index, if one is known."""
    return next((plan.statement for plan in plans.plans.values() if index in plan.indexes), None)


def _in_transactions(written: Sequence[sqlfile.Written], one: bool) -> Iterator[tuple[sqlfile.Written, int]]:
    """Yield each statement with the number of its transaction; BEGIN and COMMIT themselves are left out."""
    number, explicit = 1, False
    for each in written:
        word = sqltext.after_comments(each.sql).lower()
        if word.startswith(("begin", "start transaction")):
            explicit, number = True, number + 1
        elif word.startswith(("commit", "rollback", "end")):
            explicit, number = False, number + 1
        else:
            yield each, number
            if not explicit and (not one or " concurrently" in word):
                number += 1


def _new_indexes(texts: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for text in texts:
        found = _CREATES_INDEX.match(sqltext.written(text))
        if found:
            keys = tuple(key.split()[0].strip('"') for key in found["keys"].split(",") if key.strip())
            yield found["table"].replace('"', "").removeprefix("public."), keys
