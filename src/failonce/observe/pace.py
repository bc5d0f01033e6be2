"""How often a source is read, and what becomes of a reading that fails.

A source that fails is a Gap and is asked again later; it never takes more than a quarter of the time for itself.
"""

from __future__ import annotations

import time
from datetime import datetime

from failonce.observe.connection import ConnectionLost
from failonce.observe.source import Parts, Source, Unseen

_SHARE = 4.0
# Not even a server out of breath is left alone for longer than this, or than the source's own pace.
_LONGEST_PAUSE_S = 2.0
_LASTING_PAUSE_S = 60.0
# A tick comes a little early or late: a source that is due within this much is due.
_JITTER_S = 0.25


class Paced:
    """One source and its pace: `calm_s` between readings, `urgent_s` while something is wrong (0: at every tick)."""

    def __init__(self, source: Source, *, calm_s: float = 0.0, urgent_s: float = 0.0) -> None:
        self._source = source
        self._calm_s = calm_s
        self._urgent_s = urgent_s
        self._last_s = float("-inf")
        self._not_before_s = float("-inf")

    def is_due(self, *, urgent: bool) -> bool:
        now_s = time.monotonic() + _JITTER_S
        period_s = self._urgent_s if urgent else self._calm_s
        return now_s >= self._not_before_s and now_s >= self._last_s + period_s

    def hasten(self) -> None:
        """Make it due at the next tick, unless it has just failed or was slow."""
        self._last_s = float("-inf")

    def read(self, at: datetime) -> Parts:
        began_s = time.monotonic()
        is_lasting = False
        try:
            return self._source.read(at)
        except ConnectionLost:
            raise
        except Unseen as unseen:
            is_lasting = unseen.lasting
            return {"gaps": (unseen.gap(self._source.name, self._source.impact),)}
        finally:
            self._last_s = began_s
            rest_s = min(_SHARE * (time.monotonic() - began_s), max(_LONGEST_PAUSE_S, self._calm_s))
            self._not_before_s = began_s + (_LASTING_PAUSE_S if is_lasting else rest_s)
