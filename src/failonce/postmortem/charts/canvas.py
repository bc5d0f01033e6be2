"""What charts on one time axis share: their width and margins, the axis, the marks and the shaded incident."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup

from failonce.postmortem.charts.moments import Moment
from failonce.postmortem.charts.scale import TimeScale, ValueScale
from failonce.postmortem.charts.svg import element, join

#: Average width of a character at the charts' text size, generous for wide system fonts.
CHARACTER = 6.9
_LINE = 17


@dataclass(frozen=True, slots=True)
class Canvas:
    """One width of the charts. Text to the right of the plot is where the lines are named."""

    name: str
    width: int
    time: TimeScale
    moments: tuple[Moment, ...]
    #: Where the incident ended, or where nobody looked any more.
    ends_at: datetime

    @property
    def is_narrow(self) -> bool:
        return self.width < 600

    @property
    def most_points(self) -> int:
        return 240 if self.is_narrow else 600

    def fitting(self, name: str) -> str:
        """Return a name cut to the room right of the plot."""
        most = int((self.width - self.time.right - 26) / CHARACTER)
        return name if len(name) <= most else f"{name[: most - 1]}…"


def canvases(span: tuple[datetime, datetime], moments: tuple[Moment, ...], ends_at: datetime) -> tuple[Canvas, Canvas]:
    """Return the charts' two widths: for a page, and for a phone."""
    wide = TimeScale(*span, left=56, right=690)
    narrow = TimeScale(*span, left=44, right=376)
    return Canvas("wide", 872, wide, moments, ends_at), Canvas("narrow", 380, narrow, moments, ends_at)


def shade(canvas: Canvas, top: float, bottom: float) -> Markup:
    """Return the tinted span from onset to the end."""
    left = canvas.time.x(canvas.moments[0].at)
    right = canvas.time.x(canvas.ends_at)
    return element("rect", x=left, y=top, width=max(0.0, right - left), height=bottom - top, class_="span")


def rules(canvas: Canvas, top: float, bottom: float) -> Markup:
    """Return a vertical line for each moment, from edge to edge so that stacked charts continue it."""
    return join(
        element("line", x1=x, x2=x, y1=top, y2=bottom, class_=f"rule {moment.id}")
        for moment in canvas.moments
        if canvas.time.holds(moment.at)
        for x in (canvas.time.x(moment.at),)
    )


def value_axis(canvas: Canvas, scale: ValueScale, labels: Sequence[str]) -> Markup:
    """Return horizontal lines, each with its value."""
    lines = []
    for tick, label in zip(scale.ticks, labels, strict=True):
        y = scale.y(tick)
        kind = "base" if tick == scale.ticks[0] else "grid"
        lines.append(element("line", x1=canvas.time.left, x2=canvas.time.right, y1=y, y2=y, class_=kind))
        lines.append(element("text", label, x=canvas.time.left - 8, y=y + 4, class_="tick end"))
    return join(lines)


def time_ticks(canvas: Canvas, y: float) -> Markup:
    """Return the times below the last chart."""
    most = 4 if canvas.is_narrow else 7
    pattern = "%H:%M:%S" if canvas.time.step(most) < 60 else "%H:%M"
    return join(
        element("line", x1=x, x2=x, y1=y - 13, y2=y - 17, class_="base")
        + element("text", f"{at.astimezone(UTC):{pattern}}", x=x, y=y, class_="tick middle")
        for at in canvas.time.ticks(most)
        for x in (canvas.time.x(at),)
    )


@dataclass(frozen=True, slots=True)
class Placed:
    """A label on its row, counted upwards from the charts."""

    moment: Moment
    text: str
    x: float
    row: int
    #: It ends at its line instead of beginning there.
    flipped: bool


def place(canvas: Canvas, texts: Sequence[str]) -> tuple[Placed, ...]:
    """Give each moment's label a row on which it touches no other, leftmost highest so that no line crosses a text."""
    placed: list[Placed] = []
    for moment, text in reversed(list(zip(canvas.moments, texts, strict=True))):
        if not canvas.time.holds(moment.at):
            continue
        x = canvas.time.x(moment.at)
        flipped = x + len(text) * CHARACTER + 8 > canvas.width
        row = next(n for n in range(len(texts) + 1) if _is_free(placed, n, _extent(x, text, flipped)))
        placed.append(Placed(moment, text, x, row, flipped))
    return tuple(placed)


def strip(canvas: Canvas, texts: Sequence[str]) -> tuple[Markup, float]:
    """Return the labels above the charts with their lines, and the height they take."""
    placed = place(canvas, texts)
    height = _LINE * (1 + max((label.row for label in placed), default=0)) + 5
    return join(_label(label, height) for label in placed), height


def _extent(x: float, text: str, flipped: bool) -> tuple[float, float]:
    width = len(text) * CHARACTER + 10
    return (x - width, x) if flipped else (x, x + width)


def _is_free(placed: Iterable[Placed], row: int, extent: tuple[float, float]) -> bool:
    for other in placed:
        left, right = _extent(other.x, other.text, other.flipped)
        if other.row == row and left < extent[1] and extent[0] < right:
            return False
        # The other's line runs up to its own row through this text.
        if other.row > row and extent[0] < other.x < extent[1]:
            return False
    return True


def _label(label: Placed, height: float) -> Markup:
    middle = height - label.row * _LINE - 9
    return element(
        "line", x1=label.x, x2=label.x, y1=middle - 8, y2=height, class_=f"rule {label.moment.id}"
    ) + element(
        "text",
        label.text,
        x=label.x + (-5 if label.flipped else 5),
        y=middle + 4,
        class_=f"mark {label.moment.id}" + (" end" if label.flipped else ""),
    )
