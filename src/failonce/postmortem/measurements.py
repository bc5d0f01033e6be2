"""Which charts a postmortem shows, from the incident's snapshots, and their numbers in words.

One time axis for all. A source that was not read gives a sentence that says so, not an empty chart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from statistics import median

from markupsafe import Markup

from failonce.model.incident import Incident
from failonce.model.snapshot import Snapshot
from failonce.postmortem.charts import layers, series
from failonce.postmortem.charts.canvas import Canvas, canvases, strip
from failonce.postmortem.charts.line import Chart, Line, largest, line_chart
from failonce.postmortem.charts.moments import moments
from failonce.postmortem.charts.series import Reading, Series
from failonce.postmortem.charts.stack import stack_chart, styles
from failonce.postmortem.charts.svg import picture
from failonce.postmortem.format import UNSEEN, clock, compact, duration, milliseconds, number

# Half as long again as the outage, before and after it, and never less than a minute: enough to see what is normal.
_AROUND_SHARE = 0.5
_AROUND_LEAST = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Measure:
    """One series in four words: the text alternative of its line."""

    name: str
    before: str
    highest: str
    highest_at: str
    after: str

    @property
    def sentence(self) -> str:
        during = (
            f"at most {self.highest} during it ({self.highest_at})" if self.highest != UNSEEN else "not seen during it"
        )
        return f"{self.name}: {self.before} before the onset, {during}, {self.after} after recovery."


@dataclass(frozen=True, slots=True)
class Figure:
    """One chart at both widths, and the names of its lines for where there is no room beside them."""

    id: str
    wide: Markup
    narrow: Markup
    key: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Measurements:
    """Everything the section of the charts shows."""

    strip: Figure | None
    figures: tuple[Figure, ...]
    measures: tuple[Measure, ...]
    #: What there is no chart of, and why.
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """One chart before it is drawn: it is told whether it is the last of the stack."""

    chart: Chart
    measures: tuple[Measure, ...]
    key: tuple[tuple[str, str], ...]
    draw: Callable[[Canvas, bool], Markup]


def measurements(incident: Incident, snapshots: Sequence[Snapshot]) -> Measurements:
    """Return the charts of an incident."""
    if not snapshots:
        return Measurements(None, (), (), ("No recording was at hand, so there is nothing to draw.",))
    shown = _shown(incident, snapshots)
    ends_at = incident.recovered_at or shown[-1].at
    plans = tuple(_plans(incident, shown))
    both = canvases(_axis(incident, shown), moments(incident), ends_at)
    figures = tuple(_figure(plan, both, last=plan is plans[-1]) for plan in plans)
    told = tuple(measure for plan in plans for measure in plan.measures)
    return Measurements(_strip(both) if figures else None, figures, told, tuple(_missing(shown, plans)))


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


def _plans(incident: Incident, shown: Sequence[Snapshot]) -> Iterator[_Plan]:
    describe = partial(_measure, incident)
    if any(s.application for s in shown):
        yield _response_time(shown, describe)
        yield _traffic(shown, describe)
    if any(s.sessions is not None for s in shown):
        yield _sessions(incident, shown)
    yield from _work(incident, shown, describe)


_Describe = Callable[[str, Series, Callable[[float], str]], Measure]


def _response_time(shown: Sequence[Snapshot], describe: _Describe) -> _Plan:
    p95 = Line("p95", "headline", series.response_time_ms(shown, 0.95))
    middle = Line("median", "quiet", series.response_time_ms(shown, 0.5))
    told = tuple(describe(f"Response time, {line.name}", line.series, milliseconds) for line in (p95, middle))
    chart = Chart("response-time", "Response time", _sentences(told), 150, milliseconds, milliseconds, may_be_log=True)
    return _of_lines(chart, told, (p95, middle))


def _traffic(shown: Sequence[Snapshot], describe: _Describe) -> _Plan:
    errors = Line("errors", "failure", series.errors_per_s(shown))
    requests = Line("requests", "quiet", series.requests_per_s(shown))
    told = tuple(describe(f"{line.name.capitalize()} per second", line.series, number) for line in (requests, errors))
    chart = Chart("traffic", "Requests and errors per second", _sentences(told), 96, number, compact)
    return _of_lines(chart, told, (errors, requests))


def _work(incident: Incident, shown: Sequence[Snapshot], describe: _Describe) -> Iterator[_Plan]:
    """Yield the culprit's work per call, or else what was read of its tables without an index; else nothing."""
    culprit = incident.diagnosis.culprit
    if culprit is None:
        return
    blocks = series.blocks_per_call(shown, culprit.fingerprint) if culprit.fingerprint else ()
    scanned = series.rows_scanned_per_s(shown, culprit.relations)
    if series.known(blocks):
        title, line = "Blocks touched per call of the culprit", Line("blocks per call", "culprit", blocks)
    elif any(series.known(scanned)):
        title, line = "Rows read by sequential scans per second", Line("rows per second", "culprit", scanned)
    else:
        return
    told = (describe(title, line.series, number),)
    yield _of_lines(Chart("work", title, _sentences(told), 96, number, compact, may_be_log=True), told, (line,))


def _of_lines(chart: Chart, told: tuple[Measure, ...], lines: Sequence[Line]) -> _Plan:
    key = tuple((line.name, line.style) for line in lines)
    return _Plan(chart, told, key, lambda canvas, last: line_chart(canvas, chart, lines, last=last))


def _sessions(incident: Incident, shown: Sequence[Snapshot]) -> _Plan:
    counted = layers.sessions_by_statement(shown, incident.diagnosis.culprit)
    told = tuple(
        _measure(incident, f"Sessions: {layer.name}", counted.series(index), number)
        for index, layer in enumerate(counted.layers)
    )
    chart = Chart("sessions", "Sessions at work, by statement", _sentences(told), 150, number, compact)
    key = tuple((layer.name, style) for layer, style in zip(counted.layers, styles(counted), strict=True))
    return _Plan(chart, told, key, lambda canvas, last: stack_chart(canvas, chart, counted, last=last))


def _measure(incident: Incident, name: str, told: Series, write: Callable[[float], str]) -> Measure:
    onset_at, recovered_at = incident.diagnosis.onset_at, incident.recovered_at
    during = tuple(r for r in told if r.at >= onset_at and not (recovered_at and r.from_at >= recovered_at))
    top = largest(during)
    return Measure(
        name,
        before=_middle([r for r in told if r.at < onset_at], write),
        highest=write(top.value) if top and top.value is not None else UNSEEN,
        highest_at=clock(top.at) if top else UNSEEN,
        after=_middle([r for r in told if recovered_at and r.from_at >= recovered_at], write),
    )


def _middle(readings: Sequence[Reading], write: Callable[[float], str]) -> str:
    values = [r.value for r in readings if r.value is not None]
    return write(median(values)) if values else UNSEEN


def _sentences(told: Sequence[Measure]) -> str:
    return " ".join(measure.sentence for measure in told)


def _figure(plan: _Plan, both: tuple[Canvas, Canvas], *, last: bool) -> Figure:
    wide, narrow = both
    return Figure(plan.chart.id, plan.draw(wide, last), plan.draw(narrow, last), plan.key)


def _strip(both: tuple[Canvas, Canvas]) -> Figure:
    wide, narrow = (_labels(canvas) for canvas in both)
    return Figure("moments", wide, narrow, ())


def _labels(canvas: Canvas) -> Markup:
    """Return the moments' names; where there is room, with the time since the onset."""
    onset_at = canvas.moments[0].at
    since = [duration((moment.at - onset_at).total_seconds()) for moment in canvas.moments]
    texts = [
        moment.name if canvas.is_narrow else f"{moment.name} +{later}" if index else f"{moment.name} {clock(moment.at)}"
        for index, (moment, later) in enumerate(zip(canvas.moments, since, strict=True))
    ]
    content, height = strip(canvas, texts)
    words = ("Moments of the incident", ", ".join(f"{m.name} at {clock(m.at)} UTC" for m in canvas.moments) + ".")
    return picture((canvas.width, height), f"moments-{canvas.name}", words, [content])


def _missing(shown: Sequence[Snapshot], plans: Sequence[_Plan]) -> Iterator[str]:
    drawn = {plan.chart.id for plan in plans}
    if "response-time" not in drawn:
        yield "No response times, requests or errors: the application's metrics were not seen."
    if "sessions" not in drawn:
        yield "No sessions: the server's activity was not seen."
    if "work" not in drawn and all(s.statements is None for s in shown):
        yield "No work per call: statement statistics were not seen."
