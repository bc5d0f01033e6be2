"""The connections an application keeps open, each lent to one request at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import psycopg
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from failonce.lab.webapp.page import Row
from failonce.lab.webapp.release import Release
from failonce.lab.webapp.sample import Sample

Connection = psycopg.Connection[Row]


class Pool(Protocol):
    """Where a request gets its connection."""

    def connection(self) -> AbstractContextManager[Connection]: ...

    def getconn(self) -> Connection: ...

    def get_stats(self) -> dict[str, int]: ...

    def close(self) -> None: ...


class NoPool:
    """A connection of its own for each request, as in a script that grew into an application."""

    def __init__(self, dsn: str, options: dict[str, Any], *, closes: bool) -> None:
        self._dsn, self._options = dsn, options
        self._closes = closes
        self._forgotten: list[Connection] = []

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Lend a connection that was opened for this request."""
        connection = self.getconn()
        try:
            yield connection
        finally:
            if self._closes:
                connection.close()
            else:
                self._forgotten.append(connection)

    def getconn(self) -> Connection:
        """Return a new connection."""
        return psycopg.connect(self._dsn, **self._options)

    def get_stats(self) -> dict[str, int]:
        """Return nothing: there is no pool that could be full."""
        return {}

    def close(self) -> None:
        """Close what was forgotten."""
        for connection in self._forgotten:
            connection.close()


def open_pool(dsn: str, sample: Sample, release: Release) -> Pool:
    """Return a full pool of connections, or what this release has in its place."""
    options = {
        # Each statement is its own transaction unless a page says otherwise.
        "autocommit": True,
        # Planned with its own values, as behind a transaction pooler; or prepared, and planned for any value.
        "prepare_threshold": 0 if release.prepares_statements else None,
        "row_factory": dict_row,
        "application_name": sample.name,
    }
    if release.connects_each_time:
        return NoPool(dsn, options, closes=not release.forgets_to_close)
    pool = ConnectionPool(
        dsn,
        connection_class=Connection,
        min_size=sample.pool_size,
        max_size=sample.pool_size,
        timeout=sample.pool_timeout_s,
        kwargs=options,
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
