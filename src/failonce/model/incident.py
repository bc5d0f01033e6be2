"""An incident: its diagnosis, its remedy, its impact and its timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from failonce.model.diagnosis import Diagnosis
from failonce.model.exhibit import Exhibit
from failonce.model.remedy import Remedy
from failonce.model.signal import Signal

#: The signal of users who wait.
SLOW_RESPONSES = "slow-responses"
#: The part of the requests that now and then takes long on any day.
_STRAY = 0.01


class EntryKind(StrEnum):
    """What a timeline entry tells."""

    ONSET = "onset"
    DETECTED = "detected"
    SIGNAL = "signal"
    RULED_OUT = "ruled out"
    DIAGNOSED = "diagnosed"
    ESCALATED = "escalated"
    REMEDY = "remedy"
    MITIGATED = "mitigated"
    RECOVERED = "recovered"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened, on two clocks: when it happened, and when it was written down."""

    happened_at: datetime
    recorded_at: datetime
    kind: EntryKind
    text: str


@dataclass(frozen=True, slots=True)
class Impact:
    """What users met between onset and recovery, against the baseline before it (source: the application's metrics)."""

    requests: int
    #: Answers with status 5xx.
    failed: int
    #: Answers slower than three times the p95 before the onset.
    slow: int
    #: Percent of requests that failed or were slow, each counted once.
    affected_percent: float
    p95_before_ms: float | None
    p95_worst_ms: float | None


@dataclass(frozen=True, slots=True)
class Incident:
    """One outage of one target, from onset to recovery."""

    id: str
    target: str
    title: str
    signals: tuple[Signal, ...]
    diagnosis: Diagnosis
    remedy: Remedy | None
    impact: Impact | None
    timeline: tuple[TimelineEntry, ...]
    #: The remedy is in place; None when it never was.
    mitigated_at: datetime | None
    #: Every signal is back in its baseline; None when that was not seen.
    recovered_at: datetime | None
    #: What its charts show; None when there was no recording.
    exhibit: Exhibit | None = None

    @property
    def was_slow(self) -> bool:
        """Whether users waited: the alarm said so, or more than a stray request took far longer than usual.

        The impact alone does not tell: it counts what is slow beyond three times the usual, and a response time that
        doubled for everybody is felt and not among those.
        """
        if any(signal.id == SLOW_RESPONSES for signal in self.signals):
            return True
        return self.impact is not None and self.impact.slow > _STRAY * self.impact.requests
