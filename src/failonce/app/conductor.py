"""Conducts a drill: strikes when there is a baseline, relieves when its time has come, and ends the watch.

It hears everything the watch tells and tells it nothing: failonce knows of the fault only what it measures.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import ModuleType

from failonce.app.events import Applied, Diagnosed, Event, Opened, Phase, Recovered, Ticked
from failonce.app.investigation import CHAIN_SETTLES
from failonce.lab.world import World
from failonce.model.diagnosis import Diagnosis

#: Snapshots of a healthy system before the fault: a baseline.
HEALTHY = 20
#: Snapshots after which to strike even so: this machine will not be quiet.
_LONGEST_WAIT = 120
#: How long a fault may last: whatever failonce makes of it, then the drill ends it.
_LONGEST = timedelta(seconds=75)
#: How long to watch what is no outage at all: the time in which every fault is told, twice over.
_UNEVENTFUL = timedelta(seconds=35)
#: How long to go on after a verdict that no applied fix follows.
_AFTER_VERDICT = timedelta(seconds=4)
#: How long to go on after the first verdict where there are further causes: they show later.
_UNTIL_ALL = timedelta(seconds=15)
#: How long after the fault's end to wait for the recovery.
_PATIENCE = timedelta(seconds=45)


class Conductor:
    """One drill on one world."""

    def __init__(
        self, drill: ModuleType, world: World, *, fixes: bool, brief: bool, listener: Callable[[Event], None]
    ) -> None:
        """Conduct `drill`; with `fixes` a fix of failonce may end the fault; `brief` ends with the verdict."""
        self.stop = threading.Event()
        self.struck_at: datetime | None = None
        self._drill, self._world, self._listener = drill, world, listener
        self._fixes, self._brief = fixes, brief
        self._is_healthy, self._healthy, self._ticks = True, 0, 0
        self._is_open = False
        self._relieve_at: datetime | None = None
        self._give_up_at: datetime | None = None

    def hear(self, event: Event) -> None:
        """Pass the event on, and act when it is time."""
        self._listener(event)
        if isinstance(event, Opened | Recovered):
            self._is_open = isinstance(event, Opened)
        match event:
            case Ticked():
                self._tick(datetime.now(UTC))
            case Opened() if self.struck_at is None:
                self._is_healthy = False
            case Recovered() if self.struck_at is None:
                self._is_healthy, self._healthy = True, 0
            case Diagnosed(diagnosis=diagnosis) if self.struck_at:
                self._is_told(diagnosis, event.at)
            case Applied(remedy=remedy) if remedy.failed:
                self._relieve_at = event.at
            case Recovered() if self.struck_at:
                self.stop.set()

    def _is_told(self, diagnosis: Diagnosis, at: datetime) -> None:
        """Go on for a while after a verdict, for longer where it does not name everything yet."""
        is_all = len(diagnosis.causes) > len(self._drill.TRUTH.also)
        if self._brief and is_all:
            self._relieve_at = at + CHAIN_SETTLES
        elif not (self._fixes and diagnosis.culprit):
            self._relieve_at = at + (_AFTER_VERDICT if is_all else _UNTIL_ALL)

    def _tick(self, now: datetime) -> None:
        if self.struck_at is None:
            self._ticks += 1
            self._healthy += self._is_healthy
            if self._healthy > HEALTHY or self._ticks > _LONGEST_WAIT:
                self._strike()
        elif self._relieve_at is not None and now >= self._relieve_at and self._give_up_at is None:
            self._relieve(now)
        elif self._give_up_at is not None and now >= self._give_up_at:
            self.stop.set()

    def _strike(self) -> None:
        self._listener(Phase(f"The drill strikes: {self._drill.ID}. failonce is not told."))
        self.struck_at = datetime.now(UTC)
        self._relieve_at = self.struck_at + lasts(self._drill)
        self._in_background(self._drill.strike)

    def _relieve(self, now: datetime) -> None:
        if self._brief:
            self.stop.set()
            return
        self._listener(Phase("The drill ends its fault"))
        # Where no incident was opened, there is no recovery to wait for.
        self._give_up_at = now + (_PATIENCE if self._is_open else _AFTER_VERDICT)
        self._in_background(self._drill.relieve)

    def _in_background(self, act: Callable[[World], None]) -> None:
        """Act beside the watch: a deployment takes a second in which snapshots must not stop."""
        threading.Thread(target=act, args=[self._world], name="failonce-drill", daemon=True).start()


def lasts(drill: ModuleType) -> timedelta:
    """Return how long a drill goes on when nothing ends it earlier: as it says in LASTS_S, else as its kind does."""
    usual = _UNEVENTFUL if drill.TRUTH.is_innocent else _LONGEST
    return timedelta(seconds=getattr(drill, "LASTS_S", usual.total_seconds()))
