"""*Now*: what runs, how each target is, and what waits for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from failonce.app.pages.desk import Desk
from failonce.app.pages.health import Health, health, running
from failonce.model.action import ActionFilter
from failonce.model.dossier import Dossier, IncidentFilter, IncidentState, Origin
from failonce.model.review import ReviewState
from failonce.model.viewer import Viewer

_LATELY = 6


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for somebody, in numbers."""

    overdue: int
    drafts: int
    in_review: int


@dataclass(frozen=True, slots=True)
class Now:
    """The page."""

    running: tuple[Dossier, ...]
    targets: tuple[Health, ...]
    lately: tuple[Dossier, ...]
    waiting: Waiting
    at: datetime


def now(desk: Desk, viewer: Viewer, at: datetime) -> Now:
    """Return what is so now."""
    lately = desk.memory.of(viewer, "lately", lambda: _lately(desk, viewer))
    waiting = desk.memory.of(viewer, ("waiting", at.date()), lambda: _waiting(desk, viewer, at))
    return Now(running(desk, viewer), health(desk, viewer, at), lately, waiting, at)


def _lately(desk: Desk, viewer: Viewer) -> tuple[Dossier, ...]:
    """Return the newest incidents that are over and were met here: an import tells of somebody's past."""
    over = (IncidentState.RESOLVED, IncidentState.CLOSED)
    found = [
        dossier
        for origin in (Origin.WATCHED, Origin.DECLARED)
        for dossier in desk.book.incidents.newest(viewer, IncidentFilter(over, origin=origin), limit=_LATELY)
    ]
    return tuple(sorted(found, key=lambda d: d.opened_at, reverse=True)[:_LATELY])


def _waiting(desk: Desk, viewer: Viewer, at: datetime) -> Waiting:
    book = desk.book
    return Waiting(
        overdue=book.actions.page(viewer, ActionFilter(overdue_on=at.date()), limit=1).total,
        drafts=book.postmortems.page(viewer, state=ReviewState.DRAFT, limit=1).total,
        in_review=book.postmortems.page(viewer, state=ReviewState.IN_REVIEW, limit=1).total,
    )
