"""An incident's charts drawn, and their numbers in words: the text alternative of each line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from failonce.model.exhibit import Chart, Exhibit, Trace
from failonce.model.incident import Incident
from failonce.model.snapshot import Snapshot
from failonce.postmortem.charts import line
from failonce.postmortem.charts.canvas import Canvas, canvases, strip
from failonce.postmortem.charts.layers import Layer, Layers, Row
from failonce.postmortem.charts.line import Line, line_chart
from failonce.postmortem.charts.moments import moments
from failonce.postmortem.charts.series import Reading, Series
from failonce.postmortem.charts.stack import stack_chart
from failonce.postmortem.charts.svg import picture
from failonce.postmortem.exhibit import exhibit
from failonce.postmortem.format import UNSEEN, clock, compact, duration, milliseconds, number

#: Charts that show more than one or two lines side by side.
_TALL = ("response-time", "sessions")
_HEIGHT, _TALL_HEIGHT = 96, 150
#: A chart's name in front of its lines', where those alone would not say what is measured.
_SPOKEN = {"response-time": "Response time, {}", "traffic": "{} per second", "sessions": "Sessions: {}"}


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


def measurements(incident: Incident, snapshots: Sequence[Snapshot]) -> Measurements:
    """Return the charts of an incident, from its snapshots or, without any, from what was kept of them."""
    return drawn(incident, exhibit(incident, snapshots) or incident.exhibit)


def drawn(incident: Incident, shown: Exhibit | None) -> Measurements:
    """Return an exhibit's charts."""
    if shown is None:
        return Measurements(None, (), (), ("No recording was at hand, so there is nothing to draw.",))
    ends_at = incident.recovered_at or shown.to_at
    both = canvases((shown.from_at, shown.to_at), moments(incident), ends_at)
    figures = tuple(_figure(chart, shown.from_at, both, last=chart is shown.charts[-1]) for chart in shown.charts)
    told = tuple(measure for chart in shown.charts for measure in measures(chart))
    return Measurements(_strip(both) if figures else None, figures, told, shown.missing)


def measures(chart: Chart) -> tuple[Measure, ...]:
    """Return a chart's lines in words, in the order in which they are spoken of."""
    told = reversed(chart.traces) if chart.id == "traffic" else chart.traces
    return tuple(_measure(chart, trace) for trace in told)


def _measure(chart: Chart, trace: Trace) -> Measure:
    name = _SPOKEN.get(chart.id, chart.title).format(trace.name)
    return Measure(
        name[:1].upper() + name[1:],
        before=_written(trace.before, chart.unit),
        highest=_written(trace.highest, chart.unit),
        highest_at=clock(trace.highest_at) if trace.highest_at else UNSEEN,
        after=_written(trace.after, chart.unit),
    )


def _written(value: float | None, unit: str) -> str:
    if value is None:
        return UNSEEN
    return milliseconds(value) if unit == "ms" else number(value)


def _figure(chart: Chart, from_at: datetime, both: tuple[Canvas, Canvas], *, last: bool) -> Figure:
    key = tuple((trace.name, trace.style) for trace in chart.traces)
    wide, narrow = (_drawn(chart, from_at, canvas, last=last) for canvas in both)
    return Figure(chart.id, wide, narrow, key)


def _drawn(chart: Chart, from_at: datetime, canvas: Canvas, *, last: bool) -> Markup:
    write, tick = (milliseconds, milliseconds) if chart.unit == "ms" else (number, compact)
    height = _TALL_HEIGHT if chart.id in _TALL else _HEIGHT
    spoken = " ".join(measure.sentence for measure in measures(chart))
    plan = line.Chart(chart.id, chart.title, spoken, height, write, tick, chart.may_be_log)
    if chart.stacked:
        return stack_chart(canvas, plan, _layers(chart, from_at), last=last)
    lines = [Line(trace.name, trace.style, _series(trace, from_at)) for trace in chart.traces]
    return line_chart(canvas, plan, lines, last=last)


def _series(trace: Trace, from_at: datetime) -> Series:
    return tuple(
        Reading(from_at + timedelta(seconds=since), from_at + timedelta(seconds=to), value)
        for since, to, value in trace.points
    )


def _layers(chart: Chart, from_at: datetime) -> Layers:
    """Return a stacked chart's traces as layers: their styles are the layers' keys."""
    rows = zip(*(trace.points for trace in chart.traces), strict=True)
    told = (
        Row(from_at + timedelta(seconds=row[0][1]), tuple(round(value or 0) for _, _, value in row)) for row in rows
    )
    return Layers(tuple(Layer(trace.style, trace.name) for trace in chart.traces), tuple(told))


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
