"""Apply a fix to the running database without making the outage worse.

Only CREATE INDEX CONCURRENTLY is ever run, only when told to, under the operator's role. Whatever goes wrong, no
invalid index is left behind.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

from failonce.model.errors import DatabaseUnreachable
from failonce.remedy.create_index import name_of

#: CREATE INDEX CONCURRENTLY waits for every older transaction: with one this old it would only add to the queue.
OLD_TRANSACTION_S = 60
#: How long one lock may be waited for: longer than a statement of a drowning server, shorter than a person's patience.
LOCK_TIMEOUT_MS = 15_000
STATEMENT_TIMEOUT_MS = 15 * 60_000


def build_index(dsn: str, statement: str) -> str | None:
    """Build the index online; return None when it stands, or what went wrong.

    Raises DatabaseUnreachable when the operator's connection cannot be made.
    """
    with _connect(dsn) as connection:
        if (old := _old_transaction(connection)) is not None:
            return old
        name = name_of(statement)
        if _validity(connection, name) is False:
            _drop(connection, name)
        if _validity(connection, name):
            return None
        return _build(connection, statement, name)


def _build(connection: psycopg.Connection, statement: str, name: str) -> str | None:
    try:
        connection.execute(statement.encode())
    except psycopg.Error as error:
        if _validity(connection, name) is False:
            _drop(connection, name)
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"
    return None


def _connect(dsn: str) -> psycopg.Connection:
    options = f"-c lock_timeout={LOCK_TIMEOUT_MS} -c statement_timeout={STATEMENT_TIMEOUT_MS}"
    try:
        return psycopg.connect(dsn, autocommit=True, connect_timeout=5, application_name="failonce", options=options)
    except psycopg.OperationalError as error:
        raise DatabaseUnreachable(
            f"The operator's connection failed: {str(error).splitlines()[0]}",
            hint="Check operator_dsn; the fix can also be run by hand, it is in incident.json under remedy.sql.",
        ) from error


def _old_transaction(connection: psycopg.Connection) -> str | None:
    row = connection.execute(
        "select pid, extract(epoch from clock_timestamp() - xact_start)::int from pg_stat_activity"
        " where xact_start < clock_timestamp() - make_interval(secs => %s) and pid <> pg_backend_pid()"
        " and backend_type = 'client backend' order by xact_start limit 1",
        [OLD_TRANSACTION_S],
    ).fetchone()
    if row is None:
        return None
    return (
        f"Session {row[0]} has had a transaction open for {row[1]} s; the build would wait for it. End it, then retry."
    )


def _validity(connection: psycopg.Connection, name: str) -> bool | None:
    """Return whether an index of this name is valid; None when there is none."""
    row = connection.execute(
        "select indisvalid from pg_index where indexrelid = to_regclass(%s)",
        [sql.Identifier(name).as_string(connection)],
    ).fetchone()
    return None if row is None else bool(row[0])


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("drop index concurrently if exists {}").format(sql.Identifier(name)))
