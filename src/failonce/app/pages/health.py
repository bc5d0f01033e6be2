"""How each target is: read from the end of its recording, which the watch writes and anybody may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from failonce.app.pages.desk import Desk
from failonce.model.dossier import Dossier, IncidentFilter, IncidentState
from failonce.model.snapshot import Snapshot
from failonce.model.viewer import Viewer
from failonce.robust import quantile

#: How much of the past a target's line shows.
SHOWN = timedelta(minutes=10)
#: A watch takes a snapshot each second; without one for this long it is not running.
_SILENT_AFTER = timedelta(seconds=30)
_RUNNING = (IncidentState.TRIGGERED, IncidentState.ACKNOWLEDGED, IncidentState.MITIGATED)


class Pulse(StrEnum):
    """How a target is, in one word."""

    CALM = "calm"
    IN_TROUBLE = "in trouble"
    #: Nobody looks.
    UNWATCHED = "not watched"


@dataclass(frozen=True, slots=True)
class Vitals:
    """A target's last reading, and the response times before it."""

    at: datetime
    p95_ms: float | None
    requests_per_s: float | None
    failed_percent: float | None
    sessions: int | None
    #: Seconds before the last reading, and the p95 in milliseconds then; None where it was not seen.
    line: tuple[tuple[float, float | None], ...]


@dataclass(frozen=True, slots=True)
class Health:
    """One target."""

    target: str
    pulse: Pulse
    vitals: Vitals | None
    #: Its incident that is not over.
    incident: Dossier | None


def running(desk: Desk, viewer: Viewer) -> tuple[Dossier, ...]:
    """Return the incidents that are not over, newest first."""
    wanted = IncidentFilter(states=_RUNNING)
    return desk.memory.of(viewer, "running", lambda: desk.book.incidents.newest(viewer, wanted, limit=20))


def health(desk: Desk, viewer: Viewer, now: datetime) -> tuple[Health, ...]:
    """Return every target that is configured, recorded or in an incident, in order of name."""
    open_ones = {dossier.target: dossier for dossier in reversed(running(desk, viewer)) if dossier.target}
    names = sorted({*desk.targets, *desk.recordings.names(), *open_ones})
    return tuple(_health(desk, name, open_ones.get(name), now) for name in names)


def _health(desk: Desk, target: str, incident: Dossier | None, now: datetime) -> Health:
    vitals = _vitals(desk.recordings.since(target, now - SHOWN))
    if incident:
        return Health(target, Pulse.IN_TROUBLE, vitals, incident)
    is_watched = vitals is not None and now - vitals.at < _SILENT_AFTER
    return Health(target, Pulse.CALM if is_watched else Pulse.UNWATCHED, vitals, None)


def _vitals(snapshots: Sequence[Snapshot]) -> Vitals | None:
    if not snapshots:
        return None
    last = snapshots[-1]
    application = next((s.application for s in reversed(snapshots[-5:]) if s.application), None)
    active = None if last.sessions is None else sum(s.state == "active" for s in last.sessions)
    seconds = application.interval_s if application else 0
    return Vitals(
        at=last.at,
        p95_ms=_p95_ms(next((s for s in reversed(snapshots[-5:]) if s.application), last)),
        requests_per_s=application.requests / seconds if application and seconds else None,
        failed_percent=100 * application.errors / application.requests
        if application and application.requests
        else None,
        sessions=active,
        line=tuple((round((last.at - s.at).total_seconds(), 1), _p95_ms(s)) for s in snapshots if s.application),
    )


def _p95_ms(snapshot: Snapshot) -> float | None:
    application = snapshot.application
    seconds = quantile(application.buckets, application.bounds_s, 0.95) if application else None
    return None if seconds is None else 1000 * seconds
