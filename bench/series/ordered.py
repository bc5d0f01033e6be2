"""The last values of a series, kept in order of time and of size: what is usual, at the price of an insertion."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Sequence
from math import sqrt

from failonce.robust import rank_shift


class Ordered:
    """The last values, in order of time and of size."""

    def __init__(self, memory: int) -> None:
        """Remember `memory` values."""
        self._memory = memory
        self._in_time: deque[float] = deque()
        self._in_size: list[float] = []
        self._sum = self._squares = 0.0

    def __len__(self) -> int:
        return len(self._in_size)

    def add(self, value: float) -> None:
        """Take in a value; the oldest leaves when there are too many."""
        self._in_time.append(value)
        insort(self._in_size, value)
        self._sum += value
        self._squares += value * value
        if len(self._in_size) > self._memory:
            oldest = self._in_time.popleft()
            del self._in_size[bisect_left(self._in_size, oldest)]
            self._sum -= oldest
            self._squares -= oldest * oldest

    @property
    def median(self) -> float:
        """The middle value."""
        half, odd = divmod(len(self._in_size), 2)
        return self._in_size[half] if odd else (self._in_size[half - 1] + self._in_size[half]) / 2

    @property
    def deviation(self) -> float:
        """The standard deviation."""
        mean = self._sum / len(self._in_size)
        return sqrt(max(0.0, self._squares / len(self._in_size) - mean * mean))

    def shift(self, latest: Sequence[float]) -> float:
        """Return how far `latest` stands above (+) or below (-) these values, in deviations."""
        return rank_shift(self._in_size, latest)
