"""A backup of an earlier layout, brought to this one: in a file of its own, by the steps that an old store takes."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from sqlalchemy import Connection, Date, DateTime, Engine, MetaData, Table, insert

from failonce.model.errors import UsageError
from failonce.store import layout
from failonce.store.database import sqlite_engine

_AT_ONCE = 500


@contextmanager
def brought_up(path: Path, revision: str) -> Iterator[Engine]:
    """Give a store of this layout with all that a backup of an earlier one holds, for as long as it is needed.

    Raises UsageError for a layout that this failonce does not know.
    """
    if revision not in layout.steps():
        raise UsageError(
            f"{path} holds the layout {revision}; this failonce restores up to {layout.REVISION}.",
            hint="A newer failonce wrote it: pip install --upgrade failonce",
        )
    with TemporaryDirectory(prefix="failonce-restore-") as folder:
        engine = sqlite_engine(Path(folder) / "failonce.db")
        try:
            with engine.begin() as connection:
                layout.lay_out(connection, revision)
                with zipfile.ZipFile(path) as archive:
                    _fill(connection, archive)
            layout.bring_up(engine)
            yield engine
        finally:
            engine.dispose()


def _fill(connection: Connection, archive: zipfile.ZipFile) -> None:
    """Fill the tables as they were then: only the database knows their columns still."""
    then = MetaData()
    names = {Path(name).stem for name in archive.namelist() if name.endswith(".jsonl")}
    then.reflect(connection, only=lambda name, _: name in names)
    for table in then.sorted_tables:
        rows = [_row(line, table) for line in archive.read(f"{table.name}.jsonl").splitlines()]
        for start in range(0, len(rows), _AT_ONCE):
            connection.execute(insert(table), rows[start : start + _AT_ONCE])


def _row(line: bytes, table: Table) -> dict[str, Any]:
    row: dict[str, Any] = msgspec.json.decode(line)
    for column in table.columns:
        read = next((read for kind, read in _READERS.items() if isinstance(column.type, kind)), None)
        if read is not None and row.get(column.name) is not None:
            row[column.name] = read(row[column.name])
    return row


def _instant(told: str) -> datetime:
    """Return an instant as SQLite keeps it: in UTC, without its zone."""
    return datetime.fromisoformat(told).astimezone(UTC).replace(tzinfo=None)


_READERS: dict[type, Callable[[str], date]] = {DateTime: _instant, Date: date.fromisoformat}
