"""A stacked area: how many sessions each statement had, and how many only waited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

from markupsafe import Markup

from failonce.postmortem.charts.canvas import Canvas, rules, shade, time_ticks, value_axis
from failonce.postmortem.charts.layers import CULPRIT, IDLE, LOCKED, OTHER, Layers, Row, thin, unbroken
from failonce.postmortem.charts.line import AXIS, FOOT, HEAD, Chart, heading
from failonce.postmortem.charts.scale import ValueScale, value_scale
from failonce.postmortem.charts.svg import element, join, picture, points


def stack_chart(canvas: Canvas, chart: Chart, layers: Layers, *, last: bool = False) -> Markup:
    """Return the chart at one width; the last of a stack carries the times."""
    bottom = HEAD + chart.height
    height = bottom + (AXIS if last else FOOT)
    scale = value_scale((float(row.total) for row in layers.rows), top=HEAD, bottom=bottom)
    most = max(1, canvas.most_points * 2 // 3)
    runs = [thin(run, max(1, most * len(run) // len(layers.rows))) for run in unbroken(layers.rows)]
    content = (
        shade(canvas, 0, bottom if last else height),
        value_axis(canvas, scale, [chart.tick(tick) for tick in scale.ticks]),
        *(_area(canvas, scale, runs, index, layers) for index in range(len(layers.layers))),
        rules(canvas, 0, bottom if last else height),
        _names(canvas, layers, bottom),
        heading(chart.title),
        time_ticks(canvas, bottom + AXIS - 6) if last else "",
    )
    return picture((canvas.width, height), f"{chart.id}-{canvas.name}", (chart.title, chart.description), content)


def styles(layers: Layers) -> tuple[str, ...]:
    """Return each layer's CSS class: the culprit's, the waiting ones', and greys for everybody else."""
    greys = iter(f"grey-{n}" for n in range(1, len(layers.layers) + 1))
    return tuple(layer.key if layer.key in (CULPRIT, LOCKED, IDLE, OTHER) else next(greys) for layer in layers.layers)


def _area(canvas: Canvas, scale: ValueScale, runs: Iterable[Sequence[Row]], index: int, layers: Layers) -> Markup:
    name, style = layers.layers[index].name, styles(layers)[index]
    told = element("title", f"{name}, at most {layers.largest(index)}")
    return element("path", told, d="".join(_band(canvas, scale, run, index) for run in runs), class_=f"area {style}")


def _band(canvas: Canvas, scale: ValueScale, run: Sequence[Row], index: int) -> str:
    """Return one layer's outline: along its top, and back along the top of the layer below."""
    if not any(row.counts[index] for row in run):
        return ""
    edges = [(canvas.time.x(row.at), *_edges(row, index)) for row in run]
    if len(edges) == 1:
        edges = [(edges[0][0] - 1, *edges[0][1:]), (edges[0][0] + 1, *edges[0][1:])]
    there = [(x, scale.y(high)) for x, _, high in edges]
    back = [(x, scale.y(low)) for x, low, _ in reversed(edges)]
    return f"M{points(there + back)}Z"


def _edges(row: Row, index: int) -> tuple[int, int]:
    heights = list(accumulate(row.counts, initial=0))
    return heights[index], heights[index + 1]


def _names(canvas: Canvas, layers: Layers, bottom: float) -> Markup:
    """Return the layers' names right of the plot, stacked as the layers are."""
    if canvas.is_narrow:
        return Markup()
    x = canvas.time.right + 10
    return join(
        element("rect", x=x, y=y - 9, width=9, height=9, class_=f"area {style}")
        + element("text", canvas.fitting(layer.name), x=x + 15, y=y, class_=f"name {style}")
        for index, (layer, style) in enumerate(zip(layers.layers, styles(layers), strict=True))
        for y in (bottom - 1 - 18 * index,)
    )
