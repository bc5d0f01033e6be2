"""The timeline of an incident, within a transaction: append to it, and read it.

An entry is its content: telling it twice, from one process or two, keeps it once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from failonce.model.incident import EntryKind, TimelineEntry
from failonce.model.told import ToldEntry
from failonce.model.viewer import Stamp
from failonce.store import audit, chain
from failonce.store.tables import timeline_entries


def append(
    connection: Connection,
    incident_id: str,
    entries: Iterable[TimelineEntry],
    stamp: Stamp,
    *,
    supersedes: int | None = None,
) -> bool:
    """Append what is not told yet, a correction in any case; return whether anything was appended."""
    kept = rows(connection, incident_id)
    known = {_key(row.happened_at, row.recorded_at, row.kind, row.text) for row in kept if row.supersedes is None}
    new = [e for e in dict.fromkeys(entries) if supersedes or _key(*_fields(e)) not in known]
    number, before = (kept[-1].number, kept[-1].hash) if kept else (0, chain.START)
    added = chained(incident_id, new, author=stamp.by.name, after=(number, before), supersedes=supersedes)
    if added:
        connection.execute(insert(timeline_entries), added)
        audit.record_all(connection, stamp, changes(added))
    return bool(added)


def chained(
    incident_id: str,
    entries: Sequence[TimelineEntry],
    *,
    author: str,
    after: tuple[int, str] = (0, chain.START),
    supersedes: int | None = None,
) -> list[dict[str, Any]]:
    """Return the rows of entries that follow the one with the given number and hash."""
    number, before = after
    made = []
    for entry in entries:
        number += 1
        happened_at, recorded_at, kind, text = _fields(entry)
        content = {
            "incident_id": incident_id,
            "number": number,
            "happened_at": happened_at,
            "recorded_at": recorded_at,
            "kind": kind,
            "text": text,
            "author": author,
            "supersedes": supersedes,
        }
        before = chain.link(before, content)
        made.append({**content, "hash": before})
    return made


def changes(added: Sequence[Mapping[str, Any]]) -> list[audit.Change]:
    """Return what the audit log says of new entries: their hashes, so that a timeline cut short is seen."""
    return [("timeline.told", row["incident_id"], {"entry": row["number"], "hash": row["hash"]}) for row in added]


def content(row: Row[Any]) -> Mapping[str, Any]:
    """Return what an entry's hash covers."""
    names = ("incident_id", "number", "happened_at", "recorded_at", "kind", "text", "author", "supersedes")
    return {name: getattr(row, name) for name in names}


def rows(connection: Connection, incident_id: str) -> Sequence[Row[Any]]:
    """Return an incident's entries in the order of writing."""
    entries = timeline_entries
    query = select(entries).where(entries.c.incident_id == incident_id).order_by(entries.c.number)
    return connection.execute(query).all()


def entries(connection: Connection, incident_id: str) -> tuple[ToldEntry, ...]:
    """Return an incident's entries in the order in which things happened."""
    kept = rows(connection, incident_id)
    superseded = {row.supersedes: row.number for row in kept if row.supersedes is not None}
    told = [
        ToldEntry(
            number=row.number,
            entry=TimelineEntry(row.happened_at, row.recorded_at, EntryKind(row.kind), row.text),
            author=row.author,
            supersedes=row.supersedes,
            superseded_by=superseded.get(row.number),
            hash=row.hash,
        )
        for row in kept
    ]
    return tuple(sorted(told, key=lambda t: (t.entry.happened_at, t.entry.recorded_at, t.number)))


def _fields(entry: TimelineEntry) -> tuple[Any, Any, str, str]:
    return entry.happened_at, entry.recorded_at, str(entry.kind), entry.text


def _key(happened_at: Any, recorded_at: Any, kind: str, text: str) -> tuple[Any, ...]:
    return happened_at, recorded_at, kind, text
