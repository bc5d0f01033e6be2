"""A chart of lines over time. Gaps stay open; readings that span a visible time are drawn as steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from markupsafe import Markup

from failonce.postmortem.charts.canvas import CHARACTER, Canvas, rules, shade, time_ticks, value_axis
from failonce.postmortem.charts.scale import ValueScale, value_scale
from failonce.postmortem.charts.series import Reading, Series, known, segments
from failonce.postmortem.charts.svg import coordinate, element, join, picture, points

HEAD, FOOT = 44, 10
#: Below the last chart, for the times.
AXIS = 26
# A reading that spans more of the axis is seen to be one.
_STEP_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class Line:
    """One series of a chart; `style` is its CSS class."""

    name: str
    style: str
    series: Series


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart says besides its data."""

    id: str
    title: str
    description: str
    height: int
    #: Writes the peak, and the values of the axis.
    write: Callable[[float], str]
    tick: Callable[[float], str]
    may_be_log: bool = False


def line_chart(canvas: Canvas, chart: Chart, lines: Sequence[Line], *, last: bool = False) -> Markup:
    """Return the chart at one width; the last of a stack carries the times."""
    bottom = HEAD + chart.height
    values = [value for line in lines for value in known(line.series)]
    scale = value_scale(values, top=HEAD, bottom=bottom, may_be_log=chart.may_be_log)
    height = bottom + (AXIS if last else FOOT)
    title = f"{chart.title}, logarithmic" if scale.log else chart.title
    content = (
        shade(canvas, 0, bottom if last else height),
        value_axis(canvas, scale, [chart.tick(tick) for tick in scale.ticks]),
        rules(canvas, 0, bottom if last else height),
        *(_path(canvas, scale, line) for line in reversed(lines)),
        _peak(canvas, chart, scale, lines[0]),
        names(canvas, [(line.name, line.style, _end(scale, line)) for line in lines], bottom),
        heading(title),
        time_ticks(canvas, bottom + AXIS - 6) if last else "",
    )
    return picture((canvas.width, height), f"{chart.id}-{canvas.name}", (title, chart.description), content)


def heading(text: str) -> Markup:
    return element("text", text, x=0, y=25, class_="heading")


def names(canvas: Canvas, told: Sequence[tuple[str, str, float]], bottom: float) -> Markup:
    """Return the lines' names right of the plot, at their ends, pushed apart where they would touch."""
    if canvas.is_narrow:
        return Markup()
    placed = []
    lowest = bottom + 4.0
    for name, style, y in sorted(told, key=lambda t: -t[2]):
        lowest = min(lowest, y + 4)
        placed.append(element("text", canvas.fitting(name), x=canvas.time.right + 10, y=lowest, class_=f"name {style}"))
        lowest -= 16
    return join(placed)


def _end(scale: ValueScale, line: Line) -> float:
    values = known(line.series)
    return scale.y(values[-1]) if values else scale.bottom


def _path(canvas: Canvas, scale: ValueScale, line: Line) -> Markup:
    stretches = (_stretch(canvas, scale, segment) for segment in segments(line.series, canvas.most_points))
    return element("path", element("title", line.name), d="".join(stretches), class_=f"line {line.style}")


def _stretch(canvas: Canvas, scale: ValueScale, segment: Series) -> str:
    placed = [(canvas.time.x(r.from_at), canvas.time.x(r.at), scale.y(r.value)) for r in segment if r.value is not None]
    if median(to - since for since, to, _ in placed) > _STEP_SHARE * (canvas.time.right - canvas.time.left):
        return "M" + points(pair for since, to, y in placed for pair in ((since, y), (to, y)))
    if len(placed) == 1:
        return f"M{coordinate(placed[0][1])} {coordinate(placed[0][2])}h0"
    return "M" + points((to, y) for _, to, y in placed)


def _peak(canvas: Canvas, chart: Chart, scale: ValueScale, line: Line) -> Markup:
    """Return the largest value, written where it was reached."""
    worst = largest(line.series)
    if worst is None or not worst.value:
        return Markup()
    text = chart.write(worst.value)
    x, y = canvas.time.x(worst.at), scale.y(worst.value)
    room = len(text) * CHARACTER / 2
    at = min(max(x, canvas.time.left + room), canvas.time.right - room)
    return element("circle", cx=x, cy=y, r=3, class_=f"dot {line.style}") + element(
        "text", text, x=at, y=y - 8, class_=f"peak middle {line.style}"
    )


def largest(series: Series) -> Reading | None:
    readings = [r for r in series if r.value is not None]
    return max(readings, key=lambda r: r.value or 0.0, default=None)
