"""What was computed a while ago, kept in the process for the next visitors."""

from __future__ import annotations

import time
from collections.abc import Callable


class Cache:
    """Values by key, each for so many seconds; at zero seconds nothing is kept."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._kept: dict[str, tuple[float, object]] = {}

    @property
    def keeps(self) -> bool:
        """Tell whether anything is kept at all."""
        return self._seconds > 0

    def get(self, key: str, compute: Callable[[], object]) -> object:
        """Return the value kept for the key, or compute it; two who miss it at once both compute it."""
        now = time.monotonic()
        until, value = self._kept.get(key, (0.0, None))
        if now >= until:
            value = compute()
            if self._seconds:
                self._kept[key] = (now + self._seconds, value)
        return value
