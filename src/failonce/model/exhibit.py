"""What the charts of an incident show, as data: the same description is drawn in documents and made alive on a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

#: From when to when, in seconds since the exhibit begins, and what was read; None when nothing could be.
Point = tuple[float, float, float | None]


@dataclass(frozen=True, slots=True)
class Trace:
    """One series of a chart, and its numbers before, during and after the incident."""

    name: str
    #: What it stands for, and so its colour: `headline`, `culprit`, `failure`, `quiet`, `locked`, ...
    style: str
    #: Thinned to what can be seen, the largest of its neighbours kept.
    points: tuple[Point, ...]
    #: The median of the readings before the onset; None when there were none.
    before: float | None
    #: The largest during the incident, and when.
    highest: float | None
    highest_at: datetime | None
    #: The median after the recovery.
    after: float | None


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: lines over each other, or layers that add up."""

    #: `response-time`, `traffic`, `sessions`, `work`.
    id: str
    title: str
    #: `ms`, or empty for a plain number.
    unit: str
    traces: tuple[Trace, ...]
    #: The traces add up from the bottom: each instant is one of all of them.
    stacked: bool = False
    may_be_log: bool = False


@dataclass(frozen=True, slots=True)
class Exhibit:
    """The charts of one incident on one time axis."""

    from_at: datetime
    to_at: datetime
    charts: tuple[Chart, ...]
    #: What there is no chart of, and why.
    missing: tuple[str, ...] = ()
