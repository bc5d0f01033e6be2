"""The whole book in one file, whatever database it lies in: for backups, and to move from SQLite to PostgreSQL.

A zip of one JSON text a row and table, and a manifest. It is written beside its place and moved there when it is whole,
and it holds hashes of passwords: only its owner may read it.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Date, Table, func, insert, select, text

from failonce.model.errors import CannotLook, UsageError
from failonce.store.earlier import brought_up
from failonce.store.layout import REVISION
from failonce.store.tables import Instant, failed_logins, metadata, sessions, texts

_FORMAT = "failonce book"
#: What is worth nothing later.
_LEFT_OUT = {sessions.name, failed_logins.name}
_AT_ONCE = 500


class Manifest(msgspec.Struct, frozen=True):
    """What an archive holds."""

    format: str
    revision: str
    #: Rows by table.
    rows: dict[str, int]


def write(connection: Connection, path: Path) -> Manifest:
    """Write the book, as it is at one instant, to a file; it is there whole or not at all."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    part = path.with_name(f"{path.name}.part")
    try:
        with open(part, "wb", opener=_owners) as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                rows = {table.name: _dump(connection, table, archive) for table in _tables()}
                manifest = Manifest(_FORMAT, REVISION, rows)
                archive.writestr("manifest.json", msgspec.json.encode(manifest))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as problem:
        part.unlink(missing_ok=True)
        raise CannotLook(
            f"{path} cannot be written: {problem.strerror}.", hint="Name a file on another disk."
        ) from None
    return manifest


def read(connection: Connection, path: Path) -> Manifest:
    """Fill an empty book from a file, within a transaction. Raises UsageError when it is not empty."""
    filled = [table.name for table in _tables() if connection.execute(select(table).limit(1)).first() is not None]
    if filled:
        raise UsageError(
            f"The store is not empty: it has rows in {', '.join(filled)}.",
            hint="Restore into a new one: --store NEW_FILE, then set [store] url in failonce.toml",
        )
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive, path)
            if manifest.revision == REVISION:
                for table in _tables():
                    _load(connection, table, archive)
        if manifest.revision != REVISION:
            _load_earlier(connection, path, manifest.revision)
    except (OSError, zipfile.BadZipFile, KeyError, msgspec.DecodeError, EOFError) as problem:
        raise CannotLook(f"{path} cannot be read: {problem}.", hint="Name a file that failonce backup wrote.") from None
    _count_on(connection)
    return manifest


def _tables() -> Iterable[Table]:
    """Return the tables in an order in which they can be filled."""
    return [table for table in metadata.sorted_tables if table.name not in _LEFT_OUT]


def _owners(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _dump(connection: Connection, table: Table, archive: zipfile.ZipFile) -> int:
    number = 0
    with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as file:
        for row in connection.execute(select(table).order_by(*table.primary_key)).yield_per(_AT_ONCE):
            file.write(msgspec.json.encode(dict(row._mapping)) + b"\n")
            number += 1
    return number


def _load(connection: Connection, table: Table, archive: zipfile.ZipFile) -> None:
    readers = {column.name: _READERS[type(column.type)] for column in table.columns if type(column.type) in _READERS}
    with archive.open(f"{table.name}.jsonl") as file:
        rows = _rows(file, readers)
        while chunk := list(islice(rows, _AT_ONCE)):
            connection.execute(insert(table), chunk)


def _load_earlier(connection: Connection, path: Path, revision: str) -> None:
    with brought_up(path, revision) as engine, engine.connect() as old:
        for table in _tables():
            rows = (dict(row._mapping) for row in old.execute(select(table).order_by(*table.primary_key)))
            while chunk := list(islice(rows, _AT_ONCE)):
                connection.execute(insert(table), chunk)


def _rows(lines: Iterable[bytes], readers: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for line in lines:
        row: dict[str, Any] = msgspec.json.decode(line)
        for name, read_time in readers.items():
            if row[name] is not None:
                row[name] = read_time(row[name])
        yield row


def _instant(told: str) -> datetime:
    return datetime.fromisoformat(told).astimezone(UTC)


#: What JSON has as text, and a table has not.
_READERS: dict[type, Callable[[str], date]] = {Instant: _instant, Date: date.fromisoformat}


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    manifest = msgspec.json.decode(archive.read("manifest.json"), type=Manifest)
    if manifest.format != _FORMAT:
        raise UsageError(f"{path} is no backup of a book.", hint="Name a file that failonce backup wrote.")
    return manifest


def _count_on(connection: Connection) -> None:
    """PostgreSQL counts ids on its own, and was not told of those that came with their rows."""
    if connection.dialect.name == "postgresql":
        highest = select(func.coalesce(func.max(texts.c.id), 1)).scalar_subquery()
        connection.execute(select(func.setval(func.pg_get_serial_sequence("texts", "id"), highest)))
