"""What many incidents say together: each figure with its formula, its number of cases and every point."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Point:
    """One incident's value in a figure."""

    incident_id: str
    opened_at: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class Figure:
    """How long something takes: the whole distribution, never a lone mean."""

    #: `detect`, `acknowledge`, `mitigate`, `recover`.
    id: str
    #: `detected_at − onset_at`: what is subtracted from what.
    formula: str
    #: Oldest first. An incident without both instants is no point.
    points: tuple[Point, ...]
    #: Incidents that lack one of the instants.
    unknown: int
    #: Incidents whose instants contradict each other: the end lies before the beginning.
    contradictory: int
    #: Seconds; None when there is no point.
    p10: float | None
    p50: float | None
    p90: float | None

    @property
    def n(self) -> int:
        """The number of cases."""
        return len(self.points)


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something occurs."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of N past failures, how many would be stopped today."""

    #: Incidents whose cause is known.
    failures: int
    #: Of these, with a preventing action item that a proof verified.
    stopped: int
    #: Of the others, with one that a named person vouches for.
    vouched_for: int


@dataclass(frozen=True, slots=True)
class Insights:
    """What the incidents of a time say together."""

    since: datetime | None
    until: datetime | None
    incidents: int
    figures: tuple[Figure, ...]
    causes: tuple[Tally, ...]
    #: Incidents of which no cause is known.
    without_cause: int
    triggers: tuple[Tally, ...]
    severities: tuple[Tally, ...]
    states: tuple[Tally, ...]
    #: Incidents of a failure that had been there before.
    recurrences: int
    coverage: Coverage
