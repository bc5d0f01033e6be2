"""How surprising the latest value of a long series is: against the last hours, and against the same time of day.

A series is looked at in several views (the value, its level, its step, its spread, its difference from other days).
Each view's deviation from its own usual range is held against the largest deviation of the recent past: noise that
is heavy-tailed has set a high record already, and does not alarm twice. One value in, one number out, past only.

Measured on series by others: `bench/detect_nab.py`.
"""

from __future__ import annotations

from collections import deque
from statistics import fmean, median, pstdev

from series.ordered import Ordered

#: Samples that are "the recent past": five days at one in five minutes.
MEMORY = 1500
#: At this multiple of the record a value is a surprise.
SURPRISING = 1.1
#: A deviation below so many spreads sets no record: a quiet series is not surprised by its first ripple.
_LEAST_RECORD = 3.0
#: Samples before a view has a usual range.
_WARM_UP = 20
#: The part of a series' mean size below which a spread is no spread.
_FLOOR = 0.01
#: The last other days that a time of day is compared with.
_DAYS = 7
_MAD_TO_SIGMA = 1.4826


class Surprise:
    """One series; `per_day` is its number of samples a day, None when it has no rhythm to learn."""

    def __init__(self, *, per_day: int | None = None) -> None:
        """Start without memory."""
        self._views = {
            "value": View(memory=100),
            "value of days": View(memory=MEMORY),
            "level": View(memory=MEMORY, lag=20),
            "step": View(memory=MEMORY),
            "spread": View(memory=MEMORY, lag=48),
            "time of day": View(memory=MEMORY, lag=6),
        }
        self._recent: deque[float] = deque(maxlen=48)
        self._days: deque[float] = deque(maxlen=_DAYS * per_day if per_day else 0)
        self._off_day: deque[float] = deque(maxlen=6)
        self._per_day = per_day
        self._size, self._n = 0.0, 0

    def step(self, value: float) -> float:
        """Take in the next value; return the largest multiple of a record among the views, 0 while nothing is usual."""
        self._n += 1
        self._size += (abs(value) - self._size) / self._n
        floor = _FLOOR * self._size + 1e-9
        seen = self._seen(value)
        return max(self._views[name].step(x, floor=floor) for name, x in seen.items())

    def _seen(self, value: float) -> dict[str, float]:
        """Return what each view sees; a view that cannot see yet is left out."""
        seen = {"value": value, "value of days": value}
        if self._recent:
            seen["step"] = value - self._recent[-1]
        self._recent.append(value)
        if len(self._recent) == self._recent.maxlen:
            seen["level"] = median(list(self._recent)[-20:])
            seen["spread"] = pstdev(self._recent)
        usual = self._usual_now()
        self._days.append(value)
        if usual is not None:
            self._off_day.append(value - usual)
            seen["time of day"] = fmean(self._off_day)
        return seen

    def _usual_now(self) -> float | None:
        """Return the median of other days' values at this time of day; None before there is another day."""
        if not self._per_day or len(self._days) < self._per_day:
            return None
        return median(self._days[-day * self._per_day] for day in range(1, len(self._days) // self._per_day + 1))


class View:
    """One way to look at a series: its usual range, and the record of what left it."""

    def __init__(self, *, memory: int, lag: int = 1) -> None:
        """Learn `lag` samples late: a value made of several must not be held against itself."""
        self._pending: deque[float] = deque()
        self._lag = lag
        self._values, self._distances = Ordered(memory), Ordered(memory)
        self._record = Record(MEMORY)

    def step(self, value: float, *, floor: float) -> float:
        """Take in the next value; return its deviation as a multiple of the record so far."""
        self._pending.append(value)
        if len(self._pending) > self._lag:
            late = self._pending.popleft()
            self._values.add(late)
            self._distances.add(abs(late - self._values.median))
        if len(self._values) < _WARM_UP:
            return 0.0
        # The deviation of the middle is blind to tails, the standard deviation is ruled by them: between the two.
        spread = max(_MAD_TO_SIGMA * self._distances.median, 0.3 * self._values.deviation, floor)
        return self._record.step(abs(value - self._values.median) / spread)


class Record:
    """The largest of the last values, and each new value as a multiple of it."""

    def __init__(self, memory: int) -> None:
        """Remember `memory` values."""
        self._memory, self._n = memory, 0
        # Falling values with their numbers: those that are or will be the largest.
        self._largest: deque[tuple[int, float]] = deque()

    def step(self, value: float) -> float:
        """Take in the next value; return it as a multiple of the largest before it."""
        largest = self._largest[0][1] if self._largest else 0.0
        times = value / max(largest, _LEAST_RECORD) if self._n >= _WARM_UP else 0.0
        while self._largest and self._largest[-1][1] <= value:
            self._largest.pop()
        self._n += 1
        self._largest.append((self._n, value))
        if self._largest[0][0] <= self._n - self._memory:
            self._largest.popleft()
        return times
