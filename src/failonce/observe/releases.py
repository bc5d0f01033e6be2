"""Which releases of the application became known, each told once.

From three sides: announced (`failonce release v42`), named by the application's metrics, seen in the tags of its
statements. The first one seen is told too: diagnosis decides whether it is a change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from failonce.model.snapshot import Application, ReleaseEvent, Session

Announced = Callable[[datetime], Sequence[ReleaseEvent]]

# A release announced shortly before we came may be why we were called.
_LOOK_BACK = timedelta(hours=1)
# While one release replaces another their statements mix; one that was gone for longer has come back.
_GONE = timedelta(minutes=5)


class Releases:
    """Remembers what was told."""

    def __init__(self, announced: Announced | None) -> None:
        """`announced` returns what was announced since an instant."""
        self._announced = announced
        self._since: datetime | None = None
        self._told: set[ReleaseEvent] = set()
        self._running: str | None = None
        self._sampled_at: dict[str, datetime] = {}

    def read(
        self, at: datetime, sessions: Iterable[Session] | None, application: Application | None
    ) -> tuple[ReleaseEvent, ...]:
        """Return the releases that became known with this tick."""
        samples = sorted({session.release for session in sessions or () if session.release})
        return (*self._new_announced(at), *self._new_running(at, application), *self._new_samples(at, samples))

    def _new_announced(self, at: datetime) -> list[ReleaseEvent]:
        if self._announced is None:
            return []
        # One announced while the previous tick was read carries an earlier instant than that reading's end.
        events = self._announced((self._since or at - _LOOK_BACK) - timedelta(seconds=10))
        self._since = at
        new = [event for event in events if event not in self._told]
        self._told.update(new)
        return new

    def _new_running(self, at: datetime, application: Application | None) -> list[ReleaseEvent]:
        if application is None or application.release in (None, self._running):
            return []
        self._running = application.release
        return [ReleaseEvent(release=str(application.release), at=at, source="metrics")]

    def _new_samples(self, at: datetime, samples: Iterable[str]) -> list[ReleaseEvent]:
        new = []
        for release in samples:
            seen_at = self._sampled_at.get(release)
            if seen_at is None or at - seen_at > _GONE:
                new.append(ReleaseEvent(release=release, at=at, source="samples"))
            self._sampled_at[release] = at
        return new
