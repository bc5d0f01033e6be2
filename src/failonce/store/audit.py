"""The audit log: every change of the book, in one hash chain, in the transaction that makes the change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, func, insert, or_, select

from failonce.model.audit import AuditEntry
from failonce.model.page import Page
from failonce.model.viewer import Role, Stamp, Viewer
from failonce.store import chain
from failonce.store.paging import Order, read_page
from failonce.store.permission import allow, hidden, require, visible
from failonce.store.tables import audit_entries, incidents
from failonce.store.transactions import Transactions

#: What is told of one change: its act, its incident, its detail.
Change = tuple[str, str | None, Mapping[str, Any]]


class Audit:
    """The log, to read."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def page(
        self, viewer: Viewer, *, incident_id: str | None = None, after: str | None = None, limit: int = 50
    ) -> Page[AuditEntry]:
        """Return what was changed, newest first. Only an admin may ask."""
        allow(viewer, Role.ADMIN)
        query, unseen = select(audit_entries), hidden(viewer)
        if incident_id is not None:
            query = query.where(audit_entries.c.incident_id == incident_id)
        order = Order((audit_entries.c.number,), descending=True)
        with self._transactions.reading() as connection:
            if unseen is None:
                return read_page(connection, query, _entry, order=order, window=(after, limit))
            of = audit_entries.c.incident_id
            query = query.where(or_(of.is_(None), of.not_in(unseen)))
            names = {str(row[0]) for row in connection.execute(unseen)}
            return read_page(connection, query, lambda row: _masked(row, names), order=order, window=(after, limit))

    def mark(self, viewer: Viewer, incident_id: str | None = None) -> str:
        """Return what changes with every change that a viewer may see: of one incident, of all when none is named.

        How many incidents they see is in it too: one that was made private is gone from their lists.
        """
        of, unseen = audit_entries.c.incident_id, hidden(viewer)
        newest = select(audit_entries.c.number).order_by(audit_entries.c.number.desc()).limit(1)
        if incident_id is not None:
            newest = newest.where(of == incident_id)
        elif unseen is not None:
            newest = newest.where(of.is_not(None), of.not_in(unseen))
        with self._transactions.reading() as connection:
            if incident_id is not None:
                require(connection, viewer, incident_id)
                return f"{connection.execute(newest).scalar()}"
            seen = connection.execute(select(func.count()).select_from(incidents).where(visible(viewer))).scalar()
            return f"{connection.execute(newest).scalar()} {seen}"


def record(connection: Connection, stamp: Stamp, act: str, *, of: str | None = None, **detail: Any) -> None:
    """Write one change down. `detail` holds what JSON can hold, and never a secret."""
    record_all(connection, stamp, [(act, of, detail)])


def record_all(connection: Connection, stamp: Stamp, changes: Iterable[Change]) -> None:
    """Write many changes down at once."""
    number, before = head(connection)
    rows = []
    for number, (act, incident_id, detail) in enumerate(changes, start=number + 1):  # noqa: B020 - goes on from there
        content = {
            "number": number,
            "at": stamp.at,
            "by": stamp.by.name,
            "act": act,
            "incident_id": incident_id,
            "detail": dict(detail),
        }
        before = chain.link(before, content)
        rows.append({**content, "hash": before})
    if rows:
        connection.execute(insert(audit_entries), rows)


def head(connection: Connection) -> tuple[int, str]:
    """Return number and hash of the last entry."""
    newest = select(audit_entries.c.number, audit_entries.c.hash).order_by(audit_entries.c.number.desc()).limit(1)
    row = connection.execute(newest).first()
    return (row.number, row.hash) if row else (0, chain.START)


def _masked(row: Row[Any], unseen: set[str]) -> AuditEntry:
    """Return a row without the other incident it names, where that may not be seen."""
    found = _entry(row)
    named = {key for key, value in found.detail.items() if isinstance(value, str) and value in unseen}
    return replace(found, detail={key: value for key, value in found.detail.items() if key not in named})


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(row.number, row.at, row.by, row.act, row.incident_id, row.detail, row.hash)


def content(row: Row[Any]) -> Mapping[str, Any]:
    """Return what an entry's hash covers."""
    return {name: getattr(row, name) for name in ("number", "at", "by", "act", "incident_id", "detail")}
