"""Timelines: what was told of an incident. Nothing told is ever taken back; what was wrong is superseded."""

from __future__ import annotations

from failonce.model.errors import NotFound
from failonce.model.incident import TimelineEntry
from failonce.model.told import ToldEntry
from failonce.model.viewer import Role, Stamp, Viewer
from failonce.store import texts, told
from failonce.store.permission import allow, require
from failonce.store.transactions import Transactions


class Timeline:
    """The timelines of all incidents."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def of(self, viewer: Viewer, incident_id: str) -> tuple[ToldEntry, ...]:
        """Return an incident's timeline in the order in which things happened, superseded entries included."""
        with self._transactions.reading() as connection:
            require(connection, viewer, incident_id)
            return told.entries(connection, incident_id)

    def add(self, incident_id: str, entry: TimelineEntry, stamp: Stamp) -> ToldEntry:
        """Tell one thing more."""
        return self._tell(incident_id, entry, stamp, supersedes=None)

    def correct(self, incident_id: str, number: int, entry: TimelineEntry, stamp: Stamp) -> ToldEntry:
        """Tell what supersedes entry `number`; both stay."""
        return self._tell(incident_id, entry, stamp, supersedes=number)

    def _tell(self, incident_id: str, entry: TimelineEntry, stamp: Stamp, *, supersedes: int | None) -> ToldEntry:
        allow(stamp.by, Role.EDITOR)
        with self._transactions.writing() as connection:
            require(connection, stamp.by, incident_id)
            if supersedes is not None:
                _refuse_unless_current(told.entries(connection, incident_id), incident_id, supersedes)
            told.append(connection, incident_id, [entry], stamp, supersedes=supersedes)
            texts.gather(connection, incident_id)
            kept = told.entries(connection, incident_id)
        same = [t for t in kept if t.entry == entry and t.supersedes == supersedes]
        return max(same, key=lambda t: t.number)


def _refuse_unless_current(kept: tuple[ToldEntry, ...], incident_id: str, number: int) -> None:
    found = next((t for t in kept if t.number == number), None)
    if found is None:
        numbers = ", ".join(str(t.number) for t in kept) or "none"
        raise NotFound(f"Incident {incident_id} has no timeline entry {number}.", hint=f"There are: {numbers}")
    if found.superseded_by is not None:
        raise NotFound(
            f"Entry {number} of incident {incident_id} was superseded already.",
            hint=f"Correct entry {found.superseded_by}, which stands in its place.",
        )
