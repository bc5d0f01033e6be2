"""Check that the book is as it was written: every hash of every timeline, every version and the audit log."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Table, func, select

from failonce.model.audit import Broken, Verification
from failonce.model.errors import UsageError
from failonce.store import audit, chain, told
from failonce.store.tables import audit_entries, incidents, postmortem_versions, timeline_entries

#: What was vouched for: kind, incident, number -> hash.
_Vouched = dict[tuple[str, str, int], str]
_ACTS = {"timeline.told": "entry", "postmortem.written": "version"}


def verify(connection: Connection, anchor: str | None = None) -> Verification:
    """Compute every hash anew, and hold the audit log against an anchor that was kept elsewhere."""
    vouched: _Vouched = {}
    broken = [*_log(connection, vouched, anchor), *_timelines(connection, vouched), *_versions(connection, vouched)]
    number, hash_ = audit.head(connection)
    return Verification(
        incidents=_count(connection, incidents),
        entries=_count(connection, timeline_entries),
        versions=_count(connection, postmortem_versions),
        audited=number,
        anchor=f"{number}:{hash_}",
        broken=tuple(broken),
    )


def _count(connection: Connection, table: Table) -> int:
    number: int = connection.execute(select(func.count()).select_from(table)).scalar_one()
    return number


def _log(connection: Connection, vouched: _Vouched, anchor: str | None) -> Iterator[Broken]:
    before, number = chain.START, 0
    wanted_number, wanted_hash = _anchor(anchor)
    for row in connection.execute(select(audit_entries).order_by(audit_entries.c.number)).yield_per(1000):
        number += 1
        if row.number != number:
            yield Broken(f"audit entry {number}", "it is missing")
            number = row.number
        elif row.hash != chain.link(before, audit.content(row)):
            yield Broken(f"audit entry {number}", "it is not what was written")
        if number == wanted_number and row.hash != wanted_hash:
            yield Broken(f"audit entry {number}", "its hash is not the one that was kept elsewhere")
        before = row.hash
        if row.act in _ACTS:
            vouched[row.act, row.incident_id, row.detail[_ACTS[row.act]]] = row.detail["hash"]
    if wanted_number > number:
        yield Broken(f"audit entry {wanted_number}", "it was there when its hash was kept elsewhere, and is not now")


def _timelines(connection: Connection, vouched: _Vouched) -> Iterator[Broken]:
    entries = timeline_entries
    before, incident_id = chain.START, None
    found = set()
    query = select(entries).order_by(entries.c.incident_id, entries.c.number)
    for row in connection.execute(query).yield_per(1000):
        if row.incident_id != incident_id:
            before, incident_id = chain.START, row.incident_id
        where = f"timeline of {row.incident_id}, entry {row.number}"
        key = ("timeline.told", row.incident_id, row.number)
        if row.hash != chain.link(before, told.content(row)):
            yield Broken(where, "it is not what was written")
        elif vouched.get(key) != row.hash:
            yield Broken(where, "the audit log does not know it")
        before = row.hash
        found.add(key)
    yield from _missing(vouched, found, "timeline.told", "timeline of {}, entry {}")


def _versions(connection: Connection, vouched: _Vouched) -> Iterator[Broken]:
    kept = postmortem_versions
    found = set()
    for row in connection.execute(select(kept).order_by(kept.c.incident_id, kept.c.version)).yield_per(200):
        key = ("postmortem.written", row.incident_id, row.version)
        if vouched.get(key) != chain.digest(row.markdown):
            yield Broken(f"postmortem of {row.incident_id}, version {row.version}", "it is not what was written")
        found.add(key)
    yield from _missing(vouched, found, "postmortem.written", "postmortem of {}, version {}")


def _missing(vouched: _Vouched, found: set[tuple[str, str, int]], act: str, where: str) -> Iterator[Broken]:
    for key in vouched.keys() - found:
        if key[0] == act:
            yield Broken(where.format(*key[1:]), "it was written and is missing")


def _anchor(anchor: str | None) -> tuple[int, str]:
    if anchor is None:
        return 0, ""
    number, _, hash_ = anchor.partition(":")
    if not number.isdecimal() or not hash_:
        raise UsageError(f"{anchor} is no anchor.", hint="Give what `failonce store verify` printed: NUMBER:HASH")
    return int(number), hash_
