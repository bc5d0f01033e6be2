"""Rows for tables: parents before children, duplicates, NULLs and strays among them, each set from its own seed.

PostgreSQL itself says which rows pass: what violates a constraint is left out. Always within a transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import psycopg
from psycopg import sql

from failonce.lab.sameness.tables import Column, Table
from failonce.lab.sameness.values import Values
from failonce.model.errors import CannotPlan

#: Rows of a table, the first of them in the first data set and so on: all empty, one, and more.
_SIZES = (0, 1, 2, 5, 12, 30, 60)
_NULL_SHARES = (0.0, 0.1, 0.4)
#: Different values of a column.
_DIFFERENT = (2, 5, 1000)
_FRESH_SHARE = 0.7

Row = dict[str, str | None]


class Filler:
    """Fills tables, another way for each number."""

    def __init__(self, connection: psycopg.Connection[Any], tables: Sequence[Table], values: Values, told: str) -> None:
        """Fill tables in this order; `told` are the statements, whose columns must all be given values."""
        self._connection, self._tables, self._values, self._told = connection, tables, values, told.lower()
        #: Tables that took a row at least once.
        self.filled: set[str] = set()

    def fill(self, random: Random, number: int) -> None:
        """Fill all tables. Raises CannotPlan when a type is not known."""
        self._values.begin()
        for table in self._tables:
            size = 0 if number == 0 else _SIZES[number % len(_SIZES)] if number % 2 else random.choice(_SIZES)
            pools = {column.name: self._pool(column, random, with_extremes=number % 4 == 3) for column in table.columns}
            nulls = random.choice(_NULL_SHARES)
            # In two parts, so that the second may refer to the first.
            for start, count in ((0, size - size // 2), (size // 2 + 1, size // 2)):
                parents = {r.columns: self._keys(r.table, r.referred) for r in table.references}
                rows = [self._row(table, pools, parents, (random, nulls, start + n)) for n in range(count)]
                self._insert(table, [row for row in rows if row is not None])

    def _pool(self, column: Column, random: Random, *, with_extremes: bool) -> list[str]:
        """Return a data set's values for a column; none where it is left NULL because its type is not known."""
        try:
            known = list(self._values.of(column.type, column.type_name))
        except CannotPlan:
            if column.not_null or column.name.lower() in self._told:
                raise
            return []
        ends = self._values.extremes(column.type, column.type_name) if with_extremes else ()
        return [
            *random.sample(known, min(random.choice(_DIFFERENT), len(known))),
            *random.sample(ends, min(len(ends), 1)),
        ]

    def _row(
        self,
        table: Table,
        pools: dict[str, list[str]],
        parents: dict[tuple[str, ...], list[tuple[str | None, ...]]],
        chance: tuple[Random, float, int],
    ) -> Row | None:
        """Return a row, None when it would need a parent that is not there."""
        random, nulls, _ = chance
        row = {column.name: self._value(column, pools[column.name], chance) for column in table.columns}
        needed = {column.name for column in table.columns if column.not_null}
        for columns, keys in parents.items():
            may_be_null = not set(columns) <= needed
            if may_be_null and (not keys or random.random() < nulls):
                row |= {column: None for column in columns if column not in needed}
            elif keys:
                row |= dict(zip(columns, random.choice(keys), strict=True))
            elif not any(r.table == table.name and r.columns == columns for r in table.references):
                return None
        return row

    def _value(self, column: Column, pool: list[str], chance: tuple[Random, float, int]) -> str | None:
        random, nulls, number = chance
        if not pool or (not column.not_null and random.random() < nulls):
            return None
        fresh = self._values.fresh(column.type, number) if column.unique and random.random() < _FRESH_SHARE else None
        return fresh if fresh is not None else random.choice(pool)

    def _keys(self, table: str, columns: Sequence[str]) -> list[tuple[str | None, ...]]:
        listed = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(c)) for c in columns)
        # The table's name is regclass' own, quoted where it must be.
        query = sql.SQL("select {} from {}").format(listed, sql.SQL(table))
        return self._connection.execute(query).fetchall()

    def _insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert rows at once, or one by one if one of them is not taken."""
        if not rows:
            return
        try:
            with self._connection.transaction():
                taken = self._sent(table, rows)
        except psycopg.Error:
            taken = sum(self._tried(table, row) for row in rows)
        if taken:
            self.filled.add(table.name)

    def _tried(self, table: Table, row: Row) -> int:
        try:
            with self._connection.transaction():
                return self._sent(table, [row])
        except psycopg.Error:
            return 0

    def _sent(self, table: Table, rows: Sequence[Row]) -> int:
        names = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
        one = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(table.columns)))
        query = sql.SQL("insert into {} ({}) overriding system value values {} on conflict do nothing").format(
            sql.SQL(table.name),
            names,
            sql.SQL(", ").join([one] * len(rows)),
        )
        sent = [row[column.name] for row in rows for column in table.columns]
        return self._connection.execute(query, sent).rowcount
