"""One target's investigation, snapshot by snapshot: alarm, incident, verdict, recovery.

Live and replay run through here alike. It knows no clock but the snapshots' and no world but theirs, so a recording
leads to the same verdict, to the byte, years later.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from failonce.app.events import Completed, Diagnosed, Event, Opened, Recovered
from failonce.app.steadiness import Steadiness, growth
from failonce.detect.alarm import Alarm
from failonce.diagnose.engine import deepens, diagnose, warm_up
from failonce.model.catalog import Catalog
from failonce.model.diagnosis import Diagnosis, Link
from failonce.model.signal import Signal
from failonce.model.snapshot import ReleaseEvent, Snapshot
from failonce.model.window import Window

#: Snapshots kept in memory: five minutes of baseline and as much of an incident.
_MEMORY = 600
#: How long the chain of a verdict may grow by what follows from the same cause.
CHAIN_SETTLES = timedelta(seconds=3)
#: How long to look for a cause before saying that none can be named yet.
_PATIENCE = timedelta(seconds=30)
#: While an incident is this young its onset is found again at each tick.
_ONSET_SETTLES = timedelta(seconds=30)
#: While an incident is this young a second cause beside the first is looked for.
_SETS_SETTLE = timedelta(seconds=60)
#: A signal at this multiple of what it was when the verdict was given asks for another look.
_WORSE = 3.0
#: Samples that must be back in the baseline.
_CALM = 8


class Investigation:
    """What is known of one target, and of its incident if there is one."""

    def __init__(self, *, in_trouble: bool = False) -> None:
        """Start without memory; `in_trouble` opens an incident at once: somebody said that there is one."""
        warm_up()
        self._alarm = Alarm()
        self._snapshots: deque[Snapshot] = deque(maxlen=_MEMORY)
        self._queries: dict[str, str] = {}
        self._catalogs: deque[tuple[datetime, Catalog]] = deque(maxlen=20)
        self._releases: deque[ReleaseEvent] = deque(maxlen=50)
        self._in_trouble = in_trouble
        self._raised: tuple[Signal, ...] = ()
        self._onset_at: datetime | None = None
        self._detected_at: datetime | None = None
        self._steadiness = Steadiness(self._alarm.felt)
        self.diagnosis: Diagnosis | None = None
        self.signals: tuple[Signal, ...] = ()
        self.recovered_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether there is an incident that has not ended."""
        return self._detected_at is not None and self.recovered_at is None

    @property
    def window(self) -> Window | None:
        """What is known of the incident that is or was last open: the snapshots, split at its onset."""
        return None if self._onset_at is None else self._window(self._onset_at)

    def step(self, snapshot: Snapshot) -> tuple[Event, ...]:
        """Take in one snapshot; return what follows from it."""
        self._remember(snapshot)
        self._raised = self._alarm.step(snapshot)
        opened = () if self.is_open else tuple(self._open(snapshot))
        if not self.is_open:
            return ()
        return (*opened, *self._examine(snapshot), *self._recover(snapshot))

    def abstention(self) -> Diagnosis:
        """Return what is known of the open incident without naming anything: the ledger, the gaps."""
        assert self._onset_at is not None, "no incident is open"
        assert self._detected_at is not None, "no incident is open"
        return _abstain(diagnose(self._window(self._onset_at), self.signals, detected_at=self._detected_at))

    def _remember(self, snapshot: Snapshot) -> None:
        self._snapshots.append(snapshot)
        self._queries.update((q.fingerprint, q.text) for q in snapshot.queries)
        if snapshot.catalog is not None:
            self._catalogs.append((snapshot.at, snapshot.catalog))
        self._releases.extend(snapshot.releases)

    def _open(self, snapshot: Snapshot) -> Iterator[Event]:
        if not (self._in_trouble or self._alarm.opens_incident(self._raised)):
            return
        self._in_trouble = False
        self._alarm.freeze()
        self._onset_at = self._raised[0].onset_at if self._raised else snapshot.at
        self._detected_at = snapshot.at
        self.signals, self.diagnosis, self.recovered_at = self._raised, None, None
        self._steadiness = Steadiness(self._alarm.felt)
        yield Opened(snapshot.at, self._raised)

    def _examine(self, snapshot: Snapshot) -> Iterator[Event]:
        """Diagnose until a verdict has been stable; abstain aloud when patience ends, and go on looking.

        A verdict stands, but while the incident is young a second cause may join it, or what is behind the first may
        come to be seen; and when it gets much worse, another fault may have come on top.
        """
        if self._onset_at is None or self._detected_at is None:
            return
        age, worse = snapshot.at - self._detected_at, self._is_worse()
        if self._is_settled() and not worse and age > _SETS_SETTLE:
            return
        self._follow_signals(snapshot.at, age)
        found = diagnose(self._window(self._onset_at), self.signals, detected_at=self._detected_at)
        self._steadiness.look(found)
        if self._is_to_be_told(found, worse=worse):
            self.diagnosis = replace(found, diagnosed_at=snapshot.at)
            yield Diagnosed(snapshot.at, self.diagnosis)
        elif links := self._grown(found, snapshot.at):
            self.diagnosis = replace(found, diagnosed_at=self._told_at)
            yield Completed(snapshot.at, links)
        elif self.diagnosis is None and age >= _PATIENCE:
            self.diagnosis = _abstain(found)
            yield Diagnosed(snapshot.at, self.diagnosis)

    def _follow_signals(self, at: datetime, age: timedelta) -> None:
        """Find the onset again until there is a verdict, and take in what else is felt until its chain has settled."""
        if not self._raised or age > _ONSET_SETTLES:
            return
        if not self._is_settled():
            self._onset_at, self.signals = self._raised[0].onset_at, self._raised
        elif self._may_grow(at) and {s.id for s in self._raised} > {s.id for s in self.signals}:
            self.signals = self._raised

    @property
    def _told_at(self) -> datetime | None:
        return self.diagnosis.diagnosed_at if self.diagnosis else None

    def _may_grow(self, at: datetime) -> bool:
        return self._is_settled() and self._told_at is not None and at - self._told_at <= CHAIN_SETTLES

    def _grown(self, found: Diagnosis, at: datetime) -> tuple[Link, ...]:
        """Return the links that the verdict which stands has gained."""
        return growth(self.diagnosis, found) if self.diagnosis and self._may_grow(at) else ()

    def _is_settled(self) -> bool:
        return self.diagnosis is not None and not self.diagnosis.abstained

    def _is_worse(self) -> bool:
        """Tell whether a signal stands at several times what it was when the verdict was given."""
        was = {signal.id: signal.value for signal in self.signals}
        return any(signal.value >= _WORSE * was.get(signal.id, signal.value) for signal in self._raised)

    def _is_to_be_told(self, found: Diagnosis, *, worse: bool) -> bool:
        """Tell whether this is steady and new: the first verdict, more than that or deeper, or of something worse."""
        if not self._steadiness.is_enough(found, is_first=self.diagnosis is None):
            return False
        if self.diagnosis is None or not self._is_settled():
            return True
        if worse and found.causes != self.diagnosis.causes:
            return True
        return self.diagnosis.causes < found.causes or deepens(self.diagnosis, found)

    def _recover(self, snapshot: Snapshot) -> Iterator[Event]:
        if self._detected_at is None or len(self._since_detection()) < _CALM or not self._alarm.is_calm(_CALM):
            return
        if self.diagnosis is None:
            self.diagnosis = self.abstention()
            yield Diagnosed(snapshot.at, self.diagnosis)
        self.recovered_at = self._since_detection()[-_CALM].at
        self._alarm.thaw()
        yield Recovered(snapshot.at, self.recovered_at)

    def _since_detection(self) -> list[Snapshot]:
        return [s for s in self._snapshots if self._detected_at is not None and s.at >= self._detected_at]

    def _window(self, onset_at: datetime) -> Window:
        return Window(tuple(self._snapshots), onset_at, self._queries, tuple(self._catalogs), tuple(self._releases))


def _abstain(found: Diagnosis) -> Diagnosis:
    """Return a verdict that was not stable as an abstention: the ledger stands, the name does not."""
    return replace(found, chain=(), cause=None, confidence=0.0, abstained=True, culprit=None, also=(), without=None)
