"""A connection to the database, made so that watching cannot hurt it: read-only, short statements, short waits.

Opened before there is trouble and kept, because in trouble nothing new gets in. The driver's errors end here: they
leave as DatabaseUnreachable or Unseen. The password never leaves at all.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any, NoReturn

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import namedtuple_row

from failonce.model.errors import DatabaseUnreachable
from failonce.observe.queries import OLDEST_MAJOR, ours, query
from failonce.observe.source import Unseen

_APPLICATION_NAME = "failonce"
_STATEMENT_TIMEOUT_MS = 800
_SETTINGS = {
    "statement_timeout": f"{_STATEMENT_TIMEOUT_MS}",
    "lock_timeout": "100",
    "idle_in_transaction_session_timeout": "5000",
    "default_transaction_read_only": "on",
    "search_path": "pg_catalog",
}
# A peer that has gone without a word is noticed within about ten seconds.
_TRANSPORT = {
    "connect_timeout": 3,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 5000,
}
_LONGEST_PAUSE_S = 30.0

# What libpq and the server say when they refuse a connection, and the next step. The first that fits is taken.
_REFUSALS = (
    ("password authentication failed", "check the user, and the password in PGPASSWORD or ~/.pgpass"),
    ("no password supplied", "put the password into PGPASSWORD or ~/.pgpass"),
    ("no pg_hba.conf entry", "allow user {user} from this machine in pg_hba.conf, then: SELECT pg_reload_conf();"),
    ("too many|connection slots", "free a connection or raise max_connections; one opened before trouble is kept"),
    ("starting up|shutting down", "wait until the server accepts connections: pg_isready -h {host} -p {port}"),
    ('role ".*" does not exist', "create it: CREATE ROLE {user} LOGIN PASSWORD '...' IN ROLE pg_monitor;"),
    ('database ".*" does not exist', "check the database's name; `psql -l` lists those there are"),
    ("permission denied for database", "GRANT CONNECT ON DATABASE {dbname} TO {user};"),
    ("unsupported startup parameter", "connect to PostgreSQL itself, not to the pooler in front of it"),
    ("translate host name|resolve", "check the host name: getent hosts {host}"),
    ("SSL|certificate", "check sslmode and the certificates in the connection string"),
    ("", "check that the server runs and can be reached: pg_isready -h {host} -p {port}"),
)

# What the server answers to a query it does not carry out, and the next step.
_ANSWERS: tuple[tuple[type[psycopg.Error], bool, str], ...] = (
    (psycopg.errors.InsufficientPrivilege, True, "GRANT pg_monitor TO {user};"),
    (psycopg.errors.UndefinedColumn, True, "ALTER EXTENSION pg_stat_statements UPDATE;   -- in database {database}"),
    (psycopg.errors.UndefinedFunction, True, "ALTER EXTENSION pg_stat_statements UPDATE;   -- in database {database}"),
    (psycopg.errors.UndefinedTable, True, "ALTER EXTENSION pg_stat_statements UPDATE;   -- in database {database}"),
    (
        psycopg.errors.ObjectNotInPrerequisiteState,
        True,
        "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements';   -- then restart the server",
    ),
    (psycopg.errors.QueryCanceled, False, "nothing to do: it is asked again; if it stays, the server is overloaded"),
    (psycopg.errors.LockNotAvailable, False, "nothing to do: it is asked again when the lock is free"),
)


class ConnectionLost(Unseen):
    """The connection is gone; a new one is tried at a growing interval."""


class Connection:
    """One connection for asking, opened again when it was lost."""

    def __init__(self, dsn: str, *, statement_timeout_ms: int = _STATEMENT_TIMEOUT_MS) -> None:
        self._arguments = _connect_arguments(dsn, statement_timeout_ms)
        self._pause_s = 1.0
        self._next_try_s = 0.0
        self._opened: psycopg.Connection[Any] | None = None
        # As of the last time it was open.
        self.user = self.database = ""
        self.server_version = 0

    @property
    def backend_pid(self) -> int | None:
        """The server process at the other end; None while the connection is lost."""
        opened = self._opened
        return None if opened is None or opened.closed else opened.info.backend_pid

    def open(self) -> None:
        """Open it, or raise DatabaseUnreachable."""
        self.close()
        try:
            opened = psycopg.connect(**self._arguments, autocommit=True, row_factory=namedtuple_row)
        except psycopg.Error as error:
            raise _unreachable(str(error), self._arguments) from error
        major = opened.info.server_version // 10_000
        if major < OLDEST_MAJOR:
            opened.close()
            raise DatabaseUnreachable(
                f"PostgreSQL {major} is older than failonce reads ({OLDEST_MAJOR})",
                hint=f"upgrade the server: PostgreSQL {major} is out of support",
            )
        self.user, self.database = opened.info.user, opened.info.dbname
        self.server_version = opened.info.server_version
        self._opened, self._pause_s = opened, 1.0

    def ensure_open(self) -> None:
        """Open it again when it was lost and it is time to try; raise ConnectionLost when that fails."""
        if self._opened is not None and not self._opened.closed:
            return
        if time.monotonic() < self._next_try_s:
            raise ConnectionLost("the connection to the database was lost", hint="nothing to do: it is tried again")
        try:
            self.open()
        except DatabaseUnreachable as error:
            self._next_try_s = time.monotonic() + self._pause_s
            self._pause_s = min(2 * self._pause_s, _LONGEST_PAUSE_S)
            raise ConnectionLost(str(error), hint=error.hint) from error

    def rows(
        self, name: str, parameters: Mapping[str, object] | None = None, *, schema: str = "", timeout_ms: int = 0
    ) -> list[Any]:
        """Run one query of `sql/` and return its rows, fields by name.

        `schema` (quoted) stands for `{schema}` in the query; `timeout_ms` is for a query known to need longer.
        """
        text = query(name, self.server_version).replace("{schema}", schema)
        try:
            if not timeout_ms:
                return self._live.execute(text, parameters or {}).fetchall()
            self._live.execute(ours(f"SET statement_timeout = {timeout_ms:d}"))
            try:
                return self._live.execute(text, parameters or {}).fetchall()
            finally:
                if not self._live.closed:
                    self._live.execute(ours("RESET statement_timeout"))
        except psycopg.Error as error:
            self._raise_unseen(error)

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()

    @property
    def _live(self) -> psycopg.Connection[Any]:
        assert self._opened is not None
        return self._opened

    def _raise_unseen(self, error: psycopg.Error) -> NoReturn:
        if self._live.closed or self._live.broken:
            raise ConnectionLost(_first_line(error), hint="nothing to do: a new connection is tried") from error
        for kind, lasting, hint in _ANSWERS:
            if isinstance(error, kind):
                hint = hint.format(user=self.user, database=self.database)
                raise Unseen(_first_line(error), hint=hint, lasting=lasting) from error
        hint = f"look into the server's log; the server said SQLSTATE {error.sqlstate}"
        raise Unseen(_first_line(error), hint=hint, lasting=True) from error


def _connect_arguments(dsn: str, statement_timeout_ms: int) -> dict[str, Any]:
    """Return the connection string's parameters with ours in place of what would endanger the server."""
    try:
        given = conninfo_to_dict(dsn)
    except psycopg.Error:
        # Not `from` the driver's error: its message repeats the string, password and all.
        raise DatabaseUnreachable(
            "the connection string cannot be read", hint="write it as postgresql://user@host:5432/database"
        ) from None
    settings = _SETTINGS | {"statement_timeout": str(statement_timeout_ms)}
    options = " ".join([str(given.get("options") or ""), *(f"-c {name}={value}" for name, value in settings.items())])
    return given | _TRANSPORT | {"application_name": _APPLICATION_NAME, "options": options.strip()}


def _unreachable(message: str, arguments: Mapping[str, Any]) -> DatabaseUnreachable:
    reason = message.strip().split("\n", 1)[0]
    known = {"host": "localhost", "port": 5432, "user": "failonce", "dbname": "postgres"}
    known |= {name: value for name, value in arguments.items() if value}
    hint = next(hint for pattern, hint in _REFUSALS if re.search(pattern, reason))
    return DatabaseUnreachable(f"the database cannot be reached: {reason}", hint=hint.format(**known))


def _first_line(error: psycopg.Error) -> str:
    return str(error).strip().split("\n", 1)[0]
