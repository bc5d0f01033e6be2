"""People, instants and incidents for tests of the book."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from failonce.model.dossier import Dossier, FailureClass, Moments, Origin
from failonce.model.incident import EntryKind, Incident, TimelineEntry
from failonce.model.viewer import Role, Stamp, Viewer
from fix_incident import missing_index_incident

NOON = datetime(2026, 9, 14, 12, 0, tzinfo=UTC)
INCIDENT = missing_index_incident()

ALL = Viewer.machine()
ADA = Viewer("ada", Role.EDITOR, frozenset(["payments"]))
BOB = Viewer("bob", Role.EDITOR)
EVE = Viewer("eve", Role.VIEWER)
ROOT = Viewer("root", Role.ADMIN)


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def stamp(viewer: Viewer = ALL, seconds: float = 0) -> Stamp:
    return Stamp(viewer, later(seconds))


def note(seconds: float, text: str, *, recorded_after_s: float = 0) -> TimelineEntry:
    return TimelineEntry(later(seconds), later(seconds + recorded_after_s), EntryKind.NOTE, text)


def dossier(id: str, *, minutes: float = 0, **changes: object) -> Dossier:
    """An incident that somebody declared, `minutes` after noon."""
    at = later(60 * minutes)
    plain = Dossier(id, f"Trouble {id}", Origin.DECLARED, at, moments=Moments(onset_at=at))
    return replace(plain, **changes)  # type: ignore[arg-type]


def missing_index(**changes: object) -> FailureClass:
    plain = FailureClass("missing-index", "index-dropped", "f1", ("reviews",))
    return replace(plain, **changes)  # type: ignore[arg-type]


def incident(id: str, *, minutes: float = 0) -> Incident:
    """An incident that failonce measured, `minutes` after noon."""
    moved = replace(INCIDENT.diagnosis, onset_at=later(60 * minutes), detected_at=later(60 * minutes + 5))
    return replace(INCIDENT, id=id, diagnosis=moved)
