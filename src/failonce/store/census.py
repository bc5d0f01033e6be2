"""What the figures need of every incident, kept in memory: after a change only the incidents that it touched are read.

Every change is in the audit log with its incident, so the log says which ones those are, also when another process
wrote. Who may see what is decided anew for each question.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from failonce.model.dossier import FailureClass, Origin, is_dated
from failonce.model.insight import Point
from failonce.model.viewer import Viewer
from failonce.store import audit, likeness
from failonce.store.dossiers import SPANS
from failonce.store.tables import audit_entries, incidents

_COLUMNS = (
    "id origin opened_at onset_at state severity cause trigger fingerprint relations services target private_to"
).split() + [f"{name}_s" for name in SPANS]
#: What is written without a change to the incident's own row.
_BESIDE = ("timeline.told", "postmortem.written", "postmortem.moved", "postmortem.planned", "postmortem.signed")
#: More ids than this do not go into one statement.
_AT_ONCE = 500
#: Ends of the log that were met: a transaction may be a little older than what is known.
_HEADS = 64


@dataclass(frozen=True, slots=True)
class Case:
    """One incident, as the figures count it."""

    id: str
    opened_at: datetime
    #: Whether that is the day it began.
    is_dated: bool
    private_to: str | None
    state: str
    severity: str | None
    cause: str | None
    trigger: str | None
    fingerprint: str | None
    #: By figure; None where an instant is not known.
    points: dict[str, Point | None]
    #: Two incidents are the same failure exactly when they share one.
    keys: tuple[str, ...]


class Census:
    """All incidents of one book."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._lock = threading.Lock()
        self._cases: dict[str, Case] = {}
        self._ordered: tuple[Case, ...] = ()
        self._heads: deque[tuple[int, str]] = deque(maxlen=_HEADS)

    def cases(self, connection: Connection, viewer: Viewer) -> Sequence[Case]:
        """Return the incidents that a viewer may see, oldest first; never older than the transaction, maybe newer."""
        with self._lock:
            head = audit.head(connection)
            if head not in self._heads:
                self._bring_up(connection, head)
            ordered = self._ordered
        if viewer.sees_all:
            return ordered
        return [case for case in ordered if case.private_to is None or case.private_to in viewer.groups]

    def _bring_up(self, connection: Connection, head: tuple[int, str]) -> None:
        known = self._heads[-1] if self._heads else None
        if known is not None and _is_in(connection, known):
            touched = _touched(connection, known[0])
        else:
            # Another book lies there now, or none was read yet.
            self._heads.clear()
            self._cases, touched = {}, None
        if touched is None or touched:
            self._cases |= {row.id: _case(row) for row in _rows(connection, touched)}
            self._ordered = tuple(sorted(self._cases.values(), key=lambda case: (case.opened_at, case.id)))
        self._heads.append(head)


def _is_in(connection: Connection, head: tuple[int, str]) -> bool:
    """Tell whether the log goes on from where it ended before."""
    number, digest = head
    if number == 0:
        return True
    found = select(audit_entries.c.hash).where(audit_entries.c.number == number)
    return connection.execute(found).scalar() == digest


def _touched(connection: Connection, number: int) -> list[str]:
    """Return the incidents whose rows may be others since an entry of the log."""
    columns = audit_entries.c
    later = select(columns.incident_id).where(columns.number > number, columns.incident_id.is_not(None)).distinct()
    return list(connection.execute(later.where(columns.act.not_in(_BESIDE))).scalars())


def _rows(connection: Connection, ids: Sequence[str] | None) -> list[Row[Any]]:
    query = select(*(incidents.c[name] for name in _COLUMNS))
    if ids is None:
        return list(connection.execute(query))
    some = (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
    return [row for those in some for row in connection.execute(query.where(incidents.c.id.in_(those)))]


def _case(row: Row[Any]) -> Case:
    failure = FailureClass(row.cause, row.trigger, row.fingerprint, tuple(row.relations))
    places = (*row.services, *([row.target] if row.target else []))
    spans = {name: row._mapping[f"{name}_s"] for name in SPANS}
    return Case(
        id=row.id,
        opened_at=row.opened_at,
        is_dated=is_dated(Origin(row.origin), row.opened_at, row.onset_at),
        private_to=row.private_to,
        state=row.state,
        severity=row.severity,
        cause=row.cause,
        trigger=row.trigger,
        fingerprint=row.fingerprint,
        points={name: None if s is None else Point(row.id, row.opened_at, s) for name, s in spans.items()},
        keys=tuple("\x00".join(key) for key in likeness.keys(failure, places)),
    )
