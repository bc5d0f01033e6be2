"""Insert or update in one statement.

SQL has no common form for it: this is the one place that knows how each database says it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Values = Mapping[str, Any]


def put(connection: Connection, table: Table, row: Values) -> None:
    """Insert the row, or update the one with the same primary key."""
    statement = _insert(connection, table).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=table.primary_key, set_=row))


def put_by(connection: Connection, table: Table, row: Values, *, key: Column[Any]) -> None:
    """Insert the row, or update the one with the same value in a unique column."""
    statement = _insert(connection, table).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=[key], set_=row))


def add_missing(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Insert the rows that are not there yet; never touch one that is."""
    if rows:
        connection.execute(_insert(connection, table).on_conflict_do_nothing(), rows)


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
