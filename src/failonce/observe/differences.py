"""Counters that only grow, read again and again: what was added since the previous reading.

A counter that fell was reset, or its entry dropped and made anew: it starts over, and nothing is said of it this time.
"""

from __future__ import annotations

import time
from collections.abc import Hashable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Counters(Generic[K]):
    """The previous reading of a set of counters, by key."""

    def __init__(self) -> None:
        self._read_s: float | None = None
        self._values: dict[K, tuple[int, ...]] = {}

    def advance(self, values: Mapping[K, tuple[int, ...]]) -> tuple[float, dict[K, tuple[int, ...]]] | None:
        """Return the seconds since the previous reading and what grew in them; None at the first reading.

        An entry that was not there before began at zero.
        """
        now_s = time.monotonic()
        before_s, before = self._read_s, self._values
        self._read_s, self._values = now_s, dict(values)
        if before_s is None:
            return None
        grown = {}
        for key, value in values.items():
            old = before.get(key)
            if old != value:
                added = value if old is None else tuple(new - past for new, past in zip(value, old, strict=True))
                if min(added) >= 0 and any(added):
                    grown[key] = added
        return now_s - before_s, grown

    def hold_back(self, added: Mapping[K, tuple[int, ...]]) -> None:
        """Take these differences as not told: they come again, with what is added to them, at the next reading."""
        for key, difference in added.items():
            past = tuple(new - gone for new, gone in zip(self._values[key], difference, strict=True))
            self._values[key] = past

    def start_over(self) -> None:
        """Make the next reading the first."""
        self._read_s, self._values = None, {}
