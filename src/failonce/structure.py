"""A database's structure, as far as a review needs it: tables and their sizes, indexes, foreign keys, settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Column:
    """A column and its type as PostgreSQL names it."""

    name: str
    type: str
    not_null: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table, partitioned or not, or a materialized view. Names in the schema `public` go without it."""

    name: str
    rows: int
    bytes: int
    columns: tuple[Column, ...]

    def type_of(self, column: str) -> str:
        """Return a column's type, empty when there is no such column."""
        return next((c.type for c in self.columns if c.name == column), "")


@dataclass(frozen=True, slots=True)
class KnownIndex:
    """An index: its keys in order, columns by name and expressions as PostgreSQL prints them."""

    name: str
    table: str
    keys: tuple[str, ...]
    unique: bool
    valid: bool
    #: Of a partial index; empty otherwise.
    predicate: str
    definition: str
    #: Scans since the server began to count; None when that is not known.
    scans: int | None = None


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key, from the referencing side."""

    name: str
    table: str
    columns: tuple[str, ...]
    references: str
    #: `no action`, `restrict`, `cascade`, `set null` or `set default`.
    on_delete: str


@dataclass(frozen=True)
class Structure:
    """Everything of a database but its rows."""

    tables: tuple[Table, ...] = ()
    indexes: tuple[KnownIndex, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    #: The settings that steer the planner.
    settings: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _by_name(self) -> dict[str, Table]:
        return {table.name: table for table in self.tables}

    def table(self, name: str) -> Table | None:
        """Return the table of this name, given as people write it."""
        return self._by_name.get(name.replace('"', "").removeprefix("public."))

    def rows(self, name: str) -> int:
        """Return how many rows a table has, 0 when it is not known."""
        table = self.table(name)
        return table.rows if table else 0

    def indexes_of(self, table: str) -> tuple[KnownIndex, ...]:
        """Return the valid indexes of a table."""
        name = table.replace('"', "").removeprefix("public.")
        return tuple(index for index in self.indexes if index.table == name and index.valid)

    def serves(self, table: str, columns: tuple[str, ...]) -> bool:
        """Tell whether an index begins with these columns, in whatever order, for every row."""
        wanted = set(columns)
        return any(set(i.keys[: len(wanted)]) == wanted for i in self.indexes_of(table) if not i.predicate)
