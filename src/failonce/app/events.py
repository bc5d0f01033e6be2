"""What a watch tells while it runs: the faces print these, the store keeps what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from failonce.model.diagnosis import Diagnosis, Link
from failonce.model.recurrence import Recurrence
from failonce.model.remedy import Remedy
from failonce.model.signal import Signal
from failonce.model.snapshot import Gap, Snapshot


@dataclass(frozen=True, slots=True)
class Phase:
    """The use case went on to its next step; for a person who waits."""

    text: str


@dataclass(frozen=True, slots=True)
class Ticked:
    """One snapshot was taken in."""

    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class GapSeen:
    """Something cannot be seen, said once."""

    gap: Gap


@dataclass(frozen=True, slots=True)
class Opened:
    """An incident opened: these signals left their baseline."""

    at: datetime
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """The verdict has been stable for long enough; or it is time to say that there is none."""

    at: datetime
    diagnosis: Diagnosis


@dataclass(frozen=True, slots=True)
class Completed:
    """The verdict stands, and more of its chain has come to be seen: these links."""

    at: datetime
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Proposed:
    """A remedy is at hand, with its proof or the reason why there is none."""

    at: datetime
    remedy: Remedy


@dataclass(frozen=True, slots=True)
class Applied:
    """The remedy was applied, or failed."""

    at: datetime
    remedy: Remedy


@dataclass(frozen=True, slots=True)
class Recovered:
    """Every signal is back in its baseline, and has been since `since`."""

    at: datetime
    since: datetime


@dataclass(frozen=True, slots=True)
class Recurred:
    """The same failure was there before: when, what ended it then, what became of the item that was to prevent it."""

    at: datetime
    recurrence: Recurrence


Event = Phase | Ticked | GapSeen | Opened | Diagnosed | Completed | Proposed | Applied | Recovered | Recurred
