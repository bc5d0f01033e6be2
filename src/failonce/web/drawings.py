"""The pages' own small drawings, as SVG: a target's line, a distribution's points, the incidents of a year."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup

from failonce.app.pages.health import SHOWN, Health
from failonce.app.pages.insights import Month, Strip
from failonce.web.links import Filed, Served

_SPARK_WIDTH, _SPARK_HEIGHT = 300, 34
#: The response times that a line spans, in milliseconds, logarithmic.
_FAST_MS, _SLOW_MS = 1.0, 10_000.0
#: A silence of this many seconds breaks the line.
_GAP_S = 5.0
_STRIP_WIDTH, _DOT = 872, 3.2
_MONTH_WIDTH, _MONTH_HEIGHT, _GROUND = 560, 150, 22


def sparkline(health: Health) -> Markup:
    """Return a target's response times of the last minutes."""
    vitals = health.vitals
    readings = vitals.line if vitals else ()
    path, before = "", math.inf
    for seconds_ago, p95_ms in readings:
        if p95_ms is None:
            before = math.inf
            continue
        x = _SPARK_WIDTH * (1 - min(1.0, seconds_ago / SHOWN.total_seconds()))
        share = math.log(max(p95_ms, _FAST_MS) / _FAST_MS) / math.log(_SLOW_MS / _FAST_MS)
        path += (
            f"{'L' if before - seconds_ago <= _GAP_S else 'M'}{x:.1f} {_SPARK_HEIGHT - 2 - 30 * min(1.0, share):.1f}"
        )
        before = seconds_ago
    return Markup(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="p95 response time of {}, last ten minutes">'
        '<path class="line {}" d="{}"/></svg>'
    ).format(
        _SPARK_WIDTH,
        _SPARK_HEIGHT,
        health.target,
        "headline" if health.pulse != "in trouble" else "failure",
        path,
    )


@lru_cache(maxsize=64)
def strip_chart(strip: Strip, links: Served | Filed) -> Markup:
    """Return a distribution: every point, the median as a tick, the middle eight tenths as a bar."""
    highest = max((dot.row for dot in strip.dots), default=0)
    step = min(2 * _DOT, 120 / (highest + 1))
    ground = 12 + step * highest + _DOT
    left, width = 8, _STRIP_WIDTH - 16

    def x(share: float) -> float:
        return left + width * min(1.0, max(0.0, share))

    dots = Markup("").join(
        Markup('<a href="{}"><circle cx="{:.1f}" cy="{:.1f}" r="{}"><title>{}: {}</title></circle></a>').format(
            links.to("incidents", dot.incident_id), x(dot.x), ground - step * dot.row, _DOT, dot.incident_id, dot.label
        )
        for dot in strip.dots
    )
    low, middle, high = strip.marks
    rail = ground + 14
    quantiles = Markup(
        '<line class="base" x1="{e:.1f}" x2="{f:.1f}" y1="{r:.1f}" y2="{r:.1f}"/>'
        '<line class="span-bar" x1="{:.1f}" x2="{:.1f}" y1="{r:.1f}" y2="{r:.1f}"/>'
        '<line class="median" x1="{m:.1f}" x2="{m:.1f}" y1="{t:.1f}" y2="{b:.1f}"/>'
    ).format(x(low), x(high), e=left, f=left + width, r=rail, m=x(middle), t=rail - 6, b=rail + 6)
    ticks = Markup("").join(
        Markup('<line class="base" x1="{0:.1f}" x2="{0:.1f}" y1="{1:.1f}" y2="{2:.1f}"/>').format(x(at), rail, rail + 5)
        + Markup('<text class="tick middle" x="{:.1f}" y="{:.1f}">{}</text>').format(x(at), rail + 26, label)
        for at, label in strip.ticks
    )
    return Markup(
        '<svg class="strip" viewBox="0 0 {} {:.0f}" role="group" aria-label="{}: {} incidents, median {}">{}{}{}</svg>'
    ).format(_STRIP_WIDTH, rail + 32, strip.name, strip.n, strip.p50, dots, quantiles, ticks)


def month_chart(months: Sequence[Month]) -> Markup:
    """Return a year's incidents, month by month; the severe ones at the bottom."""
    most = max((month.total for month in months), default=0) or 1
    pitch = _MONTH_WIDTH / max(1, len(months))
    scale = (_MONTH_HEIGHT - _GROUND - 18) / most
    ground = _MONTH_HEIGHT - _GROUND
    parts = []
    for index, month in enumerate(months):
        left, width = index * pitch + 4, pitch - 8
        tall, severe = month.total * scale, month.severe * scale
        parts.append(
            Markup(
                '<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>'
                '<rect class="bar severe" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>'
                '<text class="mark middle" x="{:.1f}" y="{:.1f}">{}</text>'
                '<text class="tick middle" x="{:.1f}" y="{}">{}</text>'
            ).format(
                *(left, ground - tall, width, tall - severe),
                *(left, ground - severe, width, severe),
                *(left + width / 2, ground - tall - 5, month.total or ""),
                *(left + width / 2, _MONTH_HEIGHT - 5, month.name),
            )
        )
    told = ", ".join(f"{month.name} {month.total}" for month in months)
    severe = sum(month.severe for month in months)
    return Markup(
        '<svg class="months" viewBox="0 0 {} {}" role="img" aria-label="Incidents by month: {}">'
        '<line class="base" x1="0" x2="{}" y1="{g}" y2="{g}"/>{}</svg>'
        '<p class="key"><span class="severe">SEV1 and SEV2, {}</span> <span>all others</span></p>'
    ).format(_MONTH_WIDTH, _MONTH_HEIGHT, told, _MONTH_WIDTH, Markup("").join(parts), severe, g=ground)
