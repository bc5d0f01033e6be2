"""Recurrences: earlier incidents of the same failure, and a person's word on whether they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select, tuple_

from failonce.model.action import ActionItem
from failonce.model.dossier import Dossier
from failonce.model.incident import EntryKind
from failonce.model.recurrence import Judgement, Likeness, Recurrence
from failonce.model.viewer import Role, Stamp, Viewer
from failonce.store import actions, audit, likeness, told
from failonce.store.dossiers import dossier as made
from failonce.store.incidents import dossier_in
from failonce.store.permission import allow, require, visible
from failonce.store.tables import action_items, documents, facets, incidents, judgements, measurements
from failonce.store.transactions import Transactions
from failonce.store.upsert import put

#: Earlier incidents that are compared: those with more in common than a cause, and those without.
_COMPARED, _SAME_CAUSE = 60, 10


class Recurrences:
    """The recurrences."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def of(self, viewer: Viewer, incident_id: str, *, limit: int = 10) -> tuple[Recurrence, ...]:
        """Return the earlier incidents that are like this one: the likest first, then the newest.

        What a person judged not to be the same comes last, marked.
        """
        with self._transactions.reading() as connection:
            now = dossier_in(connection, viewer, incident_id)
            said = _judgements(connection, incident_id)
            found = [
                _recurrence(now, then, said.get(then.id)) for then in _earlier(connection, viewer, now, tuple(said))
            ]
            ranked = sorted((r for r in found if r is not None), key=_rank)[:limit]
            return tuple(_told(connection, recurrence) for recurrence in ranked)

    def judge(self, incident_id: str, earlier_id: str, stamp: Stamp, *, is_same: bool, reason: str) -> None:
        """Keep a person's word on whether it is the same failure."""
        allow(stamp.by, Role.EDITOR)
        with self._transactions.writing() as connection:
            require(connection, stamp.by, incident_id)
            require(connection, stamp.by, earlier_id)
            row = {
                "incident_id": incident_id,
                "earlier_id": earlier_id,
                "is_same": is_same,
                "by": stamp.by.name,
                "at": stamp.at,
                "reason": reason,
            }
            put(connection, judgements, row)
            detail = {"earlier": earlier_id, "is_same": is_same, "reason": reason}
            audit.record(connection, stamp, "recurrence.judged", of=incident_id, **detail)


def _earlier(connection: Connection, viewer: Viewer, now: Dossier, judged: tuple[str, ...]) -> list[Dossier]:
    """Return the earlier incidents that may be like this one: the newest of each way to be alike."""
    is_before = tuple_(incidents.c.opened_at, incidents.c.id) < tuple_(now.opened_at, now.id)
    query = select(incidents).where(visible(viewer), is_before)
    newest = query.order_by(incidents.c.opened_at.desc(), incidents.c.id.desc())
    found = {row.id: row for row in connection.execute(query.where(incidents.c.id.in_(judged)))}
    for condition, most in _ways(now):
        found.update((row.id, row) for row in connection.execute(newest.where(condition).limit(most)))
    return [made(row) for row in found.values()]


def _ways(now: Dossier) -> Iterator[tuple[ColumnElement[bool], int]]:
    """Yield the ways in which an incident may be like this one, with how many are compared."""
    if now.failure.fingerprint:
        yield incidents.c.fingerprint == now.failure.fingerprint, _COMPARED
    causes = likeness.causes_like(now.failure.cause)
    if not causes:
        return
    is_like = incidents.c.cause.in_(causes)
    places = likeness.telling((*now.services, *([now.target] if now.target else [])))
    shared = select(facets.c.incident_id).where(
        or_(
            (facets.c.kind == "relation") & facets.c.value.in_(now.failure.relations),
            (facets.c.kind == "service") & facets.c.value.in_(places),
        )
    )
    yield is_like & or_(incidents.c.id.in_(shared), incidents.c.target.in_(places)), _COMPARED
    yield is_like, _SAME_CAUSE


def _recurrence(now: Dossier, then: Dossier, judgement: Judgement | None) -> Recurrence | None:
    found = likeness.matches(now, then)
    how = likeness.likeness(found)
    if judgement is not None and judgement.is_same:
        how = Likeness.SAME_FAILURE
    if how is None and judgement is None:
        return None
    return Recurrence(then, how or Likeness.SAME_CAUSE, found, None, (), judgement, "")


def _rank(recurrence: Recurrence) -> tuple[bool, bool, int, float]:
    judged_no = recurrence.judgement is not None and not recurrence.judgement.is_same
    is_kind_only = recurrence.likeness is Likeness.SAME_CAUSE
    return judged_no, is_kind_only, -len(recurrence.matches), -recurrence.earlier.opened_at.timestamp()


def _told(connection: Connection, found: Recurrence) -> Recurrence:
    """Return the recurrence with what ended it then and what was to prevent it."""
    then = found.earlier
    mine = action_items.c.incident_id == then.id
    items: tuple[ActionItem, ...] = tuple(
        actions.made(row) for row in connection.execute(select(action_items).where(mine))
    )
    fixed_by, stopping = _fixed_by(connection, then.id), likeness.would_have_stopped(items)
    explanation = likeness.explained(then, found.matches, fixed_by, stopping)
    return Recurrence(then, found.likeness, found.matches, fixed_by, stopping, found.judgement, explanation)


def _fixed_by(connection: Connection, incident_id: str) -> str | None:
    """Return what ended an incident: the remedy applied, else what the timeline or the document says."""
    query = select(measurements.c.document).where(measurements.c.incident_id == incident_id)
    remedy: dict[str, Any] | None = (connection.execute(query).scalar() or {}).get("remedy")
    if remedy and remedy.get("finished_at"):
        return str(remedy["statement"])
    current = [t.entry for t in told.entries(connection, incident_id) if t.superseded_by is None]
    mitigated = next((entry.text for entry in reversed(current) if entry.kind is EntryKind.MITIGATED), None)
    if mitigated:
        return mitigated
    facts = connection.execute(select(documents.c.facts).where(documents.c.incident_id == incident_id)).scalar()
    found: str | None = (facts or {}).get("fixed_by")
    return found


def _judgements(connection: Connection, incident_id: str) -> dict[str, Judgement]:
    rows = connection.execute(select(judgements).where(judgements.c.incident_id == incident_id))
    return {row.earlier_id: Judgement(row.is_same, row.by, row.at, row.reason) for row in rows}
