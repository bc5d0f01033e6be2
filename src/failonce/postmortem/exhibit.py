"""Which charts an incident has, from its snapshots: their readings as data, thinned to what can be seen.

One time axis for all. A source that was not read gives a sentence that says so, not an empty chart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from statistics import median
from typing import Protocol

from failonce.model.exhibit import Chart, Exhibit, Point, Trace
from failonce.model.incident import Incident
from failonce.model.snapshot import Snapshot
from failonce.postmortem.charts import layers, series
from failonce.postmortem.charts.line import largest
from failonce.postmortem.charts.series import MOST_POINTS, Reading, Series
from failonce.postmortem.charts.stack import styles

# Half as long again as the outage, before and after it, and never less than a minute: enough to see what is normal.
_AROUND_SHARE = 0.5
_AROUND_LEAST = timedelta(seconds=60)
#: A stacked area shows less detail than a line.
_MOST_ROWS = 400
#: Digits kept of what was read: more than any chart can show.
_DIGITS = 4


class _Tell(Protocol):
    def __call__(self, name: str, style: str, told: Series) -> Trace: ...


def exhibit(incident: Incident, snapshots: Sequence[Snapshot]) -> Exhibit | None:
    """Return what the charts of an incident show; None without snapshots."""
    if not snapshots:
        return None
    shown = _shown(incident, snapshots)
    from_at, to_at = _axis(incident, shown)
    charts = tuple(_charts(incident, shown, from_at))
    return Exhibit(from_at, to_at, charts, tuple(_missing(shown, charts)))


def _shown(incident: Incident, snapshots: Sequence[Snapshot]) -> tuple[Snapshot, ...]:
    """Return the snapshots around the outage, in order of time; all when none is near it."""
    ordered = sorted(snapshots, key=lambda s: s.at)
    onset = incident.diagnosis.onset_at
    end = max(onset, incident.recovered_at or ordered[-1].at)
    around = max(_AROUND_LEAST, (end - onset) * _AROUND_SHARE)
    near = tuple(s for s in ordered if onset - around <= s.at <= end + around)
    return near or tuple(ordered)


def _axis(incident: Incident, shown: Sequence[Snapshot]) -> tuple[datetime, datetime]:
    known = [shown[0].at, shown[-1].at, incident.diagnosis.onset_at]
    first, last = min(known), max(known)
    return first, max(last, first + timedelta(seconds=1))


def _charts(incident: Incident, shown: Sequence[Snapshot], from_at: datetime) -> Iterator[Chart]:
    tell: _Tell = partial(_trace, incident, from_at)
    if any(s.application for s in shown):
        yield _response_time(shown, tell)
        yield _traffic(shown, tell)
    if any(s.sessions is not None for s in shown):
        yield _sessions(incident, shown, from_at)
    yield from _work(incident, shown, tell)


def _response_time(shown: Sequence[Snapshot], tell: _Tell) -> Chart:
    p95 = tell("p95", "headline", series.response_time_ms(shown, 0.95))
    middle = tell("median", "quiet", series.response_time_ms(shown, 0.5))
    return Chart("response-time", "Response time", "ms", (p95, middle), may_be_log=True)


def _traffic(shown: Sequence[Snapshot], tell: _Tell) -> Chart:
    errors = tell("errors", "failure", series.errors_per_s(shown))
    requests = tell("requests", "quiet", series.requests_per_s(shown))
    return Chart("traffic", "Requests and errors per second", "", (errors, requests))


def _work(incident: Incident, shown: Sequence[Snapshot], tell: _Tell) -> Iterator[Chart]:
    """Yield the culprit's work per call, or else what was read of its tables without an index; else nothing."""
    culprit = incident.diagnosis.culprit
    if culprit is None:
        return
    blocks = series.blocks_per_call(shown, culprit.fingerprint) if culprit.fingerprint else ()
    scanned = series.rows_scanned_per_s(shown, culprit.relations)
    if series.known(blocks):
        title, trace = "Blocks touched per call of the culprit", tell("blocks per call", "culprit", blocks)
    elif any(series.known(scanned)):
        title, trace = "Rows read by sequential scans per second", tell("rows per second", "culprit", scanned)
    else:
        return
    yield Chart("work", title, "", (trace,), may_be_log=True)


def _sessions(incident: Incident, shown: Sequence[Snapshot], from_at: datetime) -> Chart:
    counted = layers.sessions_by_statement(shown, incident.diagnosis.culprit)
    runs = list(layers.unbroken(counted.rows))
    kept = [row for run in runs for row in layers.thin(run, max(1, _MOST_ROWS * len(run) // max(1, len(counted.rows))))]
    told = layers.Layers(counted.layers, tuple(kept))
    traces = tuple(
        _numbered(incident, layer.name, style, _points(told.series(index), from_at), counted.series(index))
        for index, (layer, style) in enumerate(zip(counted.layers, styles(counted), strict=True))
    )
    return Chart("sessions", "Sessions at work, by statement", "", traces, stacked=True)


def _trace(incident: Incident, from_at: datetime, name: str, style: str, told: Series) -> Trace:
    kept = tuple(reading for run in _thinned(told) for reading in run)
    return _numbered(incident, name, style, _points(kept, from_at), told)


def _thinned(told: Series) -> Iterator[Series]:
    size = max(1, -(-len(told) // MOST_POINTS))
    return (series.thin(run, size) for run in series.unbroken(told))


def _points(told: Series, from_at: datetime) -> tuple[Point, ...]:
    return tuple((_s(r.from_at, from_at), _s(r.at, from_at), _rounded(r.value)) for r in told)


def _s(at: datetime, from_at: datetime) -> float:
    return round((at - from_at).total_seconds(), 3)


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{_DIGITS}g}")


def _numbered(incident: Incident, name: str, style: str, points: tuple[Point, ...], told: Series) -> Trace:
    """Return a trace with its numbers, which are of all readings and not of those that are drawn."""
    onset_at, recovered_at = incident.diagnosis.onset_at, incident.recovered_at
    during = tuple(r for r in told if r.at >= onset_at and not (recovered_at and r.from_at >= recovered_at))
    top = largest(during)
    return Trace(
        name,
        style,
        points,
        before=_middle([r for r in told if r.at < onset_at]),
        highest=top.value if top else None,
        highest_at=top.at if top else None,
        after=_middle([r for r in told if recovered_at and r.from_at >= recovered_at]),
    )


def _middle(readings: Sequence[Reading]) -> float | None:
    values = [r.value for r in readings if r.value is not None]
    return median(values) if values else None


def _missing(shown: Sequence[Snapshot], charts: Sequence[Chart]) -> Iterator[str]:
    drawn = {chart.id for chart in charts}
    if "response-time" not in drawn:
        yield "No response times, requests or errors: the application's metrics were not seen."
    if "sessions" not in drawn:
        yield "No sessions: the server's activity was not seen."
    if "work" not in drawn and all(s.statements is None for s in shown):
        yield "No work per call: statement statistics were not seen."
