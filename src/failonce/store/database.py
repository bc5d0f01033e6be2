"""The database under the store: open it safely, bring up its tables, and say in plain words why it refuses.

SQLite in a file, or PostgreSQL. It must never let a driver's error out, nor touch a store a newer failonce has written.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from failonce.model.errors import CannotLook, FailonceError, UsageError
from failonce.store import layout

# Longer than any write of ours takes, so that a second process waits instead of failing.
_BUSY_TIMEOUT_MS = 10_000
_CACHE_KIB = 32_000
_CONNECT_TIMEOUT_S = 10

# What SQLite calls it (https://sqlite.org/rescode.html), or the first digits of PostgreSQL's SQLSTATE, and what to do.
# The first that fits is told.
_HINTS = {
    "SQLITE_FULL": "Free space on that disk, or set [store] url in failonce.toml to another. Nothing saved is lost.",
    "SQLITE_IOERR": "Look at the disk (df -h, dmesg), then run the command again. Nothing saved is lost.",
    "SQLITE_READONLY": "Make the file and its folder writable for this user, or set [store] url in failonce.toml.",
    "SQLITE_CANTOPEN": "Make the folder writable for this user, or set [store] url in failonce.toml.",
    "SQLITE_BUSY": "Another process is writing for long: find it with `fuser` on the file, then run the command again.",
    "SQLITE_NOTADB": "Set [store] url in failonce.toml to a new file; this one is something else's.",
    "SQLITE_CORRUPT": "Put the file aside and rescue what can be read: sqlite3 FILE .recover | sqlite3 NEW_FILE",
    "53100": "Free space on PostgreSQL's disk. Nothing saved is lost.",
    "25006": "Set [store] url in failonce.toml to the primary: this server only reads.",
    "42501": "Give the store's role the right to create tables: GRANT CREATE, USAGE ON SCHEMA public TO ROLE",
    "57": "PostgreSQL is stopping or starting: run the command again. Nothing saved is lost.",
    "UNREACHABLE": "Check host, user, password and database in [store] url of failonce.toml, or try: psql 'URL'",
}


def connect(url_or_path: str | Path) -> Engine:
    """Return an engine for the store at a path or URL, its tables in place."""
    url = _url(url_or_path)
    with translated(url):
        is_sqlite = url.get_backend_name() == "sqlite"
        if is_sqlite and url.database and not url.database.startswith("file:"):
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = _sqlite(url) if is_sqlite else _postgresql(url)
        try:
            layout.bring_up(engine)
        except BaseException:
            engine.dispose()
            raise
    return engine


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Turn what the driver or the file system says into an error with a next step."""
    try:
        yield
    except OSError as problem:
        raise _refused(url, problem.strerror or str(problem), _HINTS["SQLITE_CANTOPEN"]) from problem
    except DBAPIError as problem:
        hint = _hint(problem)
        if hint is None:
            raise
        raise _refused(url, str(problem.orig).strip(), hint) from problem


def place(url: URL) -> str:
    """Return where the store is, in words for people and without a password."""
    return url.database or "" if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def _url(url_or_path: str | Path) -> URL:
    if "://" not in str(url_or_path):
        return URL.create("sqlite", database=str(Path(url_or_path).expanduser().absolute()))
    hint = "Write a file's path, sqlite:////absolute/path/failonce.db or postgresql://user@host/database"
    try:
        url = make_url(str(url_or_path))
    except ArgumentError:
        raise UsageError("The store's URL cannot be read.", hint=hint) from None
    if url.drivername in ("sqlite", "sqlite+pysqlite"):
        return url
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    raise UsageError(f"The store cannot be kept in {url.get_backend_name()}.", hint=hint)


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, json_serializer=_json, json_deserializer=msgspec.json.decode)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def sqlite_engine(path: Path) -> Engine:
    """Return the way to a file of SQLite, whatever is in it; see `connect` for a store."""
    return _sqlite(URL.create("sqlite", database=str(path)))


def _postgresql(url: URL) -> Engine:
    options = {"connect_timeout": _CONNECT_TIMEOUT_S, "application_name": "failonce-store"}
    return create_engine(
        url, json_serializer=_json, json_deserializer=msgspec.json.decode, connect_args=options, pool_pre_ping=True
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transaction handling begins too late and commits before DDL; ours is in `_begin`.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    # Each commit reaches the disk before it is acknowledged; WAL lets others read meanwhile.
    connection.execute("PRAGMA synchronous = FULL")
    _keep_a_write_ahead_log(connection)


def _keep_a_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Set the journal mode. SQLite does not wait for that: two processes that make a store at once would collide."""
    ends = time.monotonic() + _BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > ends:
                raise
        time.sleep(0.01)


def _begin(connection: Connection) -> None:
    # A transaction that first reads and then writes must hold the write lock from its start: SQLite refuses to
    # upgrade it, without waiting, once another process has written in between.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _refused(url: URL, reason: str, hint: str) -> FailonceError:
    return CannotLook(f"The store {place(url)} cannot be used: {reason}.", hint=hint)


def _hint(problem: DBAPIError) -> str | None:
    name = getattr(problem.orig, "sqlite_errorname", None) or getattr(problem.orig, "sqlstate", None)
    if name is None:
        # psycopg has no SQLSTATE for a connection that was never made, or that broke.
        is_lost = isinstance(problem, OperationalError) and hasattr(problem.orig, "diag")
        return _HINTS["UNREACHABLE"] if is_lost else None
    return next((hint for code, hint in _HINTS.items() if name.startswith(code)), None)
