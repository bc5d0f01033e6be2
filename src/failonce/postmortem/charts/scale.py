"""From instants and values to coordinates, with few, round ticks. Linear axes start at zero."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
#: A linear axis hides whatever is this many times smaller than its largest value.
_LOG_FROM_RANGE = 50
#: Smaller than anything measured; a logarithm must not follow it down.
_NOTHING = 1e-6


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Instants along the x axis."""

    from_at: datetime
    to_at: datetime
    left: float
    right: float

    def x(self, at: datetime) -> float:
        """Return where an instant lies; what is outside the axis lies on its edge."""
        share = (at - self.from_at) / (self.to_at - self.from_at)
        return self.left + (self.right - self.left) * min(1.0, max(0.0, share))

    def holds(self, at: datetime) -> bool:
        return self.from_at <= at <= self.to_at

    def ticks(self, most: int) -> tuple[datetime, ...]:
        """Return at most about `most` round instants."""
        step = self.step(most)
        first = datetime.fromtimestamp(math.ceil(self.from_at.timestamp() / step) * step, UTC)
        count = int((self.to_at - first).total_seconds() // step) + 1
        return tuple(first + timedelta(seconds=step * index) for index in range(count))

    def step(self, most: int) -> int:
        """Return the seconds between two ticks."""
        wanted = (self.to_at - self.from_at).total_seconds() / most
        return next((s for s in _SECONDS if s >= wanted), math.ceil(wanted / 86400) * 86400)


@dataclass(frozen=True, slots=True)
class ValueScale:
    """Values along the y axis, from `bottom` up to `top`."""

    low: float
    high: float
    ticks: tuple[float, ...]
    log: bool
    top: float = 0.0
    bottom: float = 100.0

    def y(self, value: float) -> float:
        """Return where a value lies; below the axis of a logarithmic scale means on it."""
        share = self._share(value)
        return self.bottom - (self.bottom - self.top) * min(1.0, max(0.0, share))

    def _share(self, value: float) -> float:
        if not self.log:
            return (value - self.low) / (self.high - self.low)
        return math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)


def value_scale(values: Iterable[float], *, top: float, bottom: float, may_be_log: bool = False) -> ValueScale:
    """Return a linear scale from zero; or, where allowed, a logarithmic one for values that differ very much."""
    known = [v for v in values if math.isfinite(v)]
    positive = [v for v in known if v > _NOTHING]
    if may_be_log and positive and max(positive) > _LOG_FROM_RANGE * min(positive):
        return _logarithmic(min(positive), max(positive), top, bottom)
    return _linear(max(known, default=0.0), top, bottom)


def _linear(largest: float, top: float, bottom: float) -> ValueScale:
    step = _round_step(largest / 3) if largest > _NOTHING else 1.0
    count = max(1, math.ceil(largest / step - 1e-9))
    ticks = tuple(step * index for index in range(count + 1))
    return ValueScale(0.0, ticks[-1], ticks, log=False, top=top, bottom=bottom)


def _logarithmic(smallest: float, largest: float, top: float, bottom: float) -> ValueScale:
    first, last = math.floor(math.log10(smallest)), math.ceil(math.log10(largest))
    every = max(1, math.ceil((last - first) / 5))
    ticks = tuple(10.0**power for power in range(first, last + 1, every))
    return ValueScale(10.0**first, 10.0**last, ticks, log=True, top=top, bottom=bottom)


def _round_step(at_least: float) -> float:
    """Return the smallest 1, 2 or 5 times a power of ten that is not smaller."""
    power = 10.0 ** math.floor(math.log10(at_least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= at_least - 1e-12)
