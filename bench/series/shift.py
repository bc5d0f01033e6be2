"""Whether a system has moved as a whole: many of its series at once, each only a little.

One series that moves by less than its noise says nothing; ten that do so together say that something happened. Ranks
instead of sizes, because at one sample a second heavy tails are the rule. Past only, one sample at a time.

Measured on systems by others: `bench/detect_dbsherlock.py`.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping

from series.ordered import Ordered

#: Samples that are held against all before them.
LATEST = 15
#: Earlier samples before anything is usual.
WARM_UP = 12
#: The series that moved most: a fault touches some of them, never all.
_MOST_MOVED = 10
#: Samples that are remembered.
_MEMORY = 300


class Shift:
    """All series of one system."""

    def __init__(self) -> None:
        """Start without memory."""
        self._usual: dict[str, Ordered] = defaultdict(lambda: Ordered(_MEMORY))
        self._latest: dict[str, deque[float]] = defaultdict(deque)

    def step(self, values: Mapping[str, float]) -> float:
        """Take in one sample of each series; return the mean rank shift of those that moved most, in deviations."""
        moved = sorted((abs(self._moved(name, value)) for name, value in values.items()), reverse=True)[:_MOST_MOVED]
        return sum(moved) / len(moved) if moved else 0.0

    def _moved(self, name: str, value: float) -> float:
        usual, latest = self._usual[name], self._latest[name]
        latest.append(value)
        if len(latest) > LATEST:
            usual.add(latest.popleft())
        return usual.shift(latest) if len(usual) >= WARM_UP else 0.0
