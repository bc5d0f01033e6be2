"""The database under the store: open it safely, bring up its tables, and say in plain words why it refuses.

SQLite through SQLAlchemy. It must never let a driver's error out, nor touch a store a newer failonce has written.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, update
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from failonce.model.errors import CannotLook, FailonceError, UsageError
from failonce.store.tables import SCHEMA_VERSION, metadata, schema_version

# Longer than any write of ours takes, so that a second process waits instead of failing.
_BUSY_TIMEOUT_MS = 10_000

# What SQLite calls it (https://sqlite.org/rescode.html), and what to do. The first that fits is told.
_HINTS = {
    "SQLITE_FULL": "Free space on that disk, or set [store] url in failonce.toml to another. Nothing saved is lost.",
    "SQLITE_IOERR": "Look at the disk (df -h, dmesg), then run the command again. Nothing saved is lost.",
    "SQLITE_READONLY": "Make the file and its folder writable for this user, or set [store] url in failonce.toml.",
    "SQLITE_CANTOPEN": "Make the folder writable for this user, or set [store] url in failonce.toml.",
    "SQLITE_BUSY": "Another process is writing for long: find it with `fuser` on the file, then run the command again.",
    "SQLITE_NOTADB": "Set [store] url in failonce.toml to a new file; this one is something else's.",
    "SQLITE_CORRUPT": "Put the file aside and rescue what can be read: sqlite3 FILE .recover | sqlite3 NEW_FILE",
}


def connect(url_or_path: str | Path) -> Engine:
    """Return an engine for the store at a path or URL, its tables in place."""
    url = _url(url_or_path)
    with translated(url):
        if url.database and not url.database.startswith("file:"):
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = _engine(url)
        try:
            with engine.begin() as connection:
                _bring_up(connection)
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
        hint = _hint(problem.orig)
        if hint is None:
            raise
        raise _refused(url, str(problem.orig), hint) from problem


def _url(url_or_path: str | Path) -> URL:
    if "://" not in str(url_or_path):
        return URL.create("sqlite", database=str(Path(url_or_path).expanduser().absolute()))
    hint = "Write a file's path, or sqlite:////absolute/path/failonce.db"
    try:
        url = make_url(str(url_or_path))
    except ArgumentError:
        raise UsageError("The store's URL cannot be read.", hint=hint) from None
    if url.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise UsageError(f"The store cannot be kept in {url.get_backend_name()} yet.", hint=hint)
    return url


def _engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        json_serializer=lambda value: msgspec.json.encode(value).decode(),
        json_deserializer=msgspec.json.decode,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transaction handling begins too late and commits before DDL; ours is in `_begin`.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA foreign_keys = ON")
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


def _bring_up(connection: Connection) -> None:
    """Create the tables in a new store, add those an older one lacks; refuse one that is newer than we know."""
    if not inspect(connection).has_table(schema_version.name):
        metadata.create_all(connection)
        connection.execute(insert(schema_version).values(version=SCHEMA_VERSION))
    found = connection.execute(select(schema_version.c.version)).scalar_one()
    if found > SCHEMA_VERSION:
        place = connection.engine.url.database
        raise UsageError(
            f"The store {place} has layout {found}; this failonce knows layouts up to {SCHEMA_VERSION}.",
            hint="A newer failonce wrote it: pip install --upgrade failonce",
        )
    if found < SCHEMA_VERSION:
        # So far a layout only ever had tables more than the one before it.
        metadata.create_all(connection)
        connection.execute(update(schema_version).values(version=SCHEMA_VERSION))


def _refused(url: URL, reason: str, hint: str) -> FailonceError:
    return CannotLook(f"The store {url.database} cannot be used: {reason}.", hint=hint)


def _hint(problem: BaseException | None) -> str | None:
    name = getattr(problem, "sqlite_errorname", "")
    return next((hint for code, hint in _HINTS.items() if name.startswith(code)), None)
