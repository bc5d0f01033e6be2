"""The connections an application keeps open, each lent to one request at a time."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from failonce.lab.webapp.page import Row
from failonce.lab.webapp.release import Release
from failonce.lab.webapp.sample import Sample

Connection = psycopg.Connection[Row]
Pool = ConnectionPool[Connection]


def open_pool(dsn: str, sample: Sample, release: Release) -> Pool:
    """Return a full pool of connections."""
    pool = ConnectionPool(
        dsn,
        connection_class=Connection,
        min_size=sample.pool_size,
        max_size=sample.pool_size,
        timeout=sample.pool_timeout_s,
        kwargs={
            # Each statement is its own transaction unless a page says otherwise.
            "autocommit": True,
            # Planned with its own values, as behind a transaction pooler; or prepared, and planned for any value.
            "prepare_threshold": 0 if release.prepares_statements else None,
            "row_factory": dict_row,
            "application_name": sample.name,
        },
        open=False,
    )
    pool.open(wait=True, timeout=30)
    return pool


class Tagged:
    """Runs statements that say, first of all, which route and release they come from."""

    def __init__(self, connection: Connection, comment: str) -> None:
        self._connection = connection
        self._comment = comment

    def rows(self, sql: str, **parameters: object) -> list[Row]:
        """Run one statement and return its rows, if it has any."""
        cursor = self._connection.execute(f"{self._comment} {' '.join(sql.split())}".encode(), parameters)
        return cursor.fetchall() if cursor.description else []

    def transaction(self) -> AbstractContextManager[Any]:
        """Return a block whose statements are committed together, or not at all."""
        return self._connection.transaction()
