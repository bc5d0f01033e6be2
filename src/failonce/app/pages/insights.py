"""*Insights* and *Executive*: what many incidents say together, each figure with its formula, its n and every point."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from failonce.app.pages.desk import Desk
from failonce.model.action import ActionFilter, ActionItem
from failonce.model.dossier import Dossier, IncidentFilter, Severity
from failonce.model.insight import Figure, Insights
from failonce.model.viewer import Viewer
from failonce.postmortem.format import duration

NAMES = {
    "detect": "Time to detect",
    "acknowledge": "Time to acknowledge",
    "mitigate": "Time to mitigate",
    "recover": "Time to recover",
}
#: The periods one may ask for, in days; 0 is all there is.
PERIODS = (30, 90, 365, 0)
_MONTHS = 12
#: How many of a kind the one screen names.
_SHOWN = 5
_SEVERE = (Severity.SEV1, Severity.SEV2)
#: More points than can be told apart only make a page heavy; the quantiles are of all of them.
_MOST_POINTS = 400
_TICKS_S = (1, 3, 10, 30, 60, 180, 600, 1800, 3600, 10_800, 36_000, 86_400, 259_200, 864_000, 8_640_000)


@dataclass(frozen=True, slots=True)
class Dot:
    """One incident of a distribution: where on the axis, 0..1, and how high above it."""

    x: float
    row: int
    incident_id: str
    label: str


@dataclass(frozen=True, slots=True)
class Strip:
    """One figure's distribution on a logarithmic axis: every point and three quantiles."""

    id: str
    name: str
    formula: str
    n: int
    unknown: int
    contradictory: int
    p10: str
    p50: str
    p90: str
    #: 0..1 on the axis.
    marks: tuple[float, float, float]
    ticks: tuple[tuple[float, str], ...]
    dots: tuple[Dot, ...]
    #: Points there are but not drawn, evenly left out over the sorted values.
    left_out: int


@dataclass(frozen=True, slots=True)
class InsightsPage:
    """The page."""

    days: int
    insights: Insights
    strips: tuple[Strip, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """One month's incidents."""

    name: str
    total: int
    #: Of these, SEV1 and SEV2.
    severe: int


@dataclass(frozen=True, slots=True)
class ExecutivePage:
    """The page: one screen."""

    days: int
    now: Insights
    before: Insights
    recover: Strip | None
    recover_before: str
    months: tuple[Month, ...]
    overdue: int
    latest_overdue: tuple[ActionItem, ...]
    worst: tuple[Dossier, ...]


def insights_page(desk: Desk, viewer: Viewer, days: int, now: datetime) -> InsightsPage:
    """Return the figures of the last days, of all time when 0."""
    return desk.memory.of(viewer, ("insights", days, now.date()), lambda: _insights(desk, viewer, days, now))


def _insights(desk: Desk, viewer: Viewer, days: int, now: datetime) -> InsightsPage:
    read = desk.book.insights.read(viewer, since=_since(days, now))
    return InsightsPage(days, read, tuple(strip(figure) for figure in read.figures if figure.points))


def executive_page(desk: Desk, viewer: Viewer, now: datetime, days: int = 90) -> ExecutivePage:
    """Return the last three months against the three before."""
    return desk.memory.of(viewer, ("executive", days, now.date()), lambda: _executive(desk, viewer, now, days))


def _executive(desk: Desk, viewer: Viewer, now: datetime, days: int) -> ExecutivePage:
    book, start = desk.book, _day(now - timedelta(days=days))
    present = book.insights.read(viewer, since=start)
    before = book.insights.read(viewer, since=start - timedelta(days=days), until=start)
    overdue = book.actions.page(viewer, ActionFilter(overdue_on=now.date()), limit=_SHOWN)
    was = _figure(before, "recover")
    return ExecutivePage(
        days=days,
        now=present,
        before=before,
        recover=strip(found) if (found := _figure(present, "recover")) else None,
        recover_before=duration(was.p50) if was else "",
        months=_months(desk, viewer, now),
        overdue=overdue.total,
        latest_overdue=overdue.items,
        worst=_worst(desk, viewer, start),
    )


def _worst(desk: Desk, viewer: Viewer, since: datetime) -> tuple[Dossier, ...]:
    """Return the most severe incidents since an instant, of equal ones the newest first."""
    newest = desk.book.incidents.newest
    each = (newest(viewer, IncidentFilter(severities=(told,), since=since), limit=_SHOWN) for told in _SEVERE)
    return tuple(dossier for some in each for dossier in some)[:_SHOWN]


def _figure(read: Insights, id: str) -> Figure | None:
    return next((figure for figure in read.figures if figure.id == id and figure.points), None)


def _since(days: int, now: datetime) -> datetime | None:
    return _day(now - timedelta(days=days)) if days else None


def _day(at: datetime) -> datetime:
    """Return the day's beginning: pages of one day ask the same, and are answered at once."""
    return datetime(at.year, at.month, at.day, tzinfo=UTC)


def strip(figure: Figure) -> Strip:
    """Return a figure's distribution, ready to be drawn."""
    ordered = sorted(figure.points, key=lambda p: p.seconds)
    shown = ordered[:: max(1, math.ceil(len(ordered) / _MOST_POINTS))]
    low, high = _axis(ordered[0].seconds, ordered[-1].seconds)

    def x(seconds: float) -> float:
        return round(math.log(max(seconds, low) / low) / math.log(high / low), 4)

    rows: Counter[int] = Counter()
    dots = []
    for point in shown:
        place = round(x(point.seconds) * 120)
        dots.append(Dot(x(point.seconds), rows[place], point.incident_id, duration(point.seconds)))
        rows[place] += 1
    quantiles = (figure.p10 or 0.0, figure.p50 or 0.0, figure.p90 or 0.0)
    p10, p50, p90 = (duration(value) for value in quantiles)
    return Strip(
        id=figure.id,
        name=NAMES.get(figure.id, figure.id),
        formula=figure.formula,
        n=figure.n,
        unknown=figure.unknown,
        contradictory=figure.contradictory,
        p10=p10,
        p50=p50,
        p90=p90,
        marks=(x(quantiles[0]), x(quantiles[1]), x(quantiles[2])),
        ticks=tuple((x(tick), duration(tick)) for tick in _TICKS_S if low <= tick <= high),
        dots=tuple(dots),
        left_out=len(ordered) - len(shown),
    )


def _axis(smallest: float, largest: float) -> tuple[float, float]:
    """Return the axis's ends: never zero, and never one point wide."""
    low = max(0.1, smallest) * 0.8
    return low, max(largest * 1.25, low * 10)


def _months(desk: Desk, viewer: Viewer, now: datetime) -> tuple[Month, ...]:
    """Return the last twelve months, oldest first."""
    starts = [datetime(now.year, now.month, 1, tzinfo=UTC)]
    while len(starts) < _MONTHS:
        last = starts[-1] - timedelta(days=1)
        starts.append(datetime(last.year, last.month, 1, tzinfo=UTC))
    starts.reverse()
    counted = desk.book.insights.months(viewer, starts, _SEVERE)
    return tuple(Month(f"{since:%b}", *counts) for since, counts in zip(starts, counted, strict=True))
