"""The incident as one bar: its phases in proportion, each with its duration."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from markupsafe import Markup

from failonce.postmortem.charts.canvas import CHARACTER
from failonce.postmortem.charts.moments import Phase
from failonce.postmortem.charts.scale import TimeScale
from failonce.postmortem.charts.svg import element, join, picture
from failonce.postmortem.format import duration

_LINE = 19
_BAR = 26


def timeline_bar(phases: Sequence[Phase], *, width: int, name: str) -> Markup:
    """Return the bar with the phases' names above and the first and last instant below."""
    scale = TimeScale(phases[0].from_at, phases[-1].to_at, 1, width - 1)
    labels = [f"{phase.name} {duration(phase.seconds)}" for phase in phases]
    rows = _rows(scale, phases, labels, width)
    top = _LINE * (1 + max(rows)) + 8
    content = [_phase(scale, phase, (label, row), top) for phase, label, row in zip(phases, labels, rows, strict=True)]
    words = ("Phases of the incident", ", then ".join(labels) + ".")
    return picture((width, top + _BAR + 24), f"phases-{name}", words, [*content, _ends(scale, phases, top)])


def _rows(scale: TimeScale, phases: Sequence[Phase], labels: Sequence[str], width: int) -> list[int]:
    """Return for each label the lowest row on which it is clear of those to its right."""
    rows: list[int] = []
    taken: list[tuple[int, float]] = []
    for phase, label in reversed(list(zip(phases, labels, strict=True))):
        left = _label_x(scale.x(phase.from_at), label, width)
        right = left + len(label) * CHARACTER + 12
        row = next(n for n in range(len(phases)) if all(other > right for m, other in taken if m >= n))
        taken.append((row, left))
        rows.append(row)
    return rows[::-1]


def _label_x(x: float, label: str, width: int) -> float:
    """Return where a label begins: at its phase, or so far left of it that it ends inside."""
    return max(0.0, min(x + 6, width - len(label) * CHARACTER - 4))


def _phase(scale: TimeScale, phase: Phase, placed: tuple[str, int], top: float) -> Markup:
    label, row = placed
    x, end = scale.x(phase.from_at), scale.x(phase.to_at)
    y = top - 12 - _LINE * row
    at = _label_x(x, label, int(scale.right))
    # A label moved left of its phase stands over the line, which then stops below it.
    reach = y - 10 if at > x else y + 5
    style = f"phase {phase.id}" + (" open" if phase.open else "")
    return join(
        (
            element("line", x1=x, x2=x, y1=reach, y2=top + _BAR, class_="tether"),
            element("rect", element("title", label), x=x, y=top, width=max(1.5, end - x), height=_BAR, class_=style),
            element("text", label, x=at, y=y, class_="mark"),
        )
    )


def _ends(scale: TimeScale, phases: Sequence[Phase], top: float) -> Markup:
    first, last = (f"{at.astimezone(UTC):%H:%M:%S}" for at in (phases[0].from_at, phases[-1].to_at))
    y = top + _BAR + 18
    return element("text", first, x=scale.left, y=y, class_="tick") + element(
        "text", last, x=scale.right, y=y, class_="tick end"
    )
