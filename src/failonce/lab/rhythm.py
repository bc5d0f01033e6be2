"""How demand moves over time: steady, with the hours of a day, or in bursts: functions from seconds to a factor."""

from __future__ import annotations

import math
from collections.abc import Callable

#: A day, compressed: so long that a baseline of half a minute sees a part of it.
DAY_S = 120.0
_BURST_EVERY_S, _BURST_S = 9.0, 2.0


def _steady(_: float) -> float:
    return 1.0


def _daily(seconds: float) -> float:
    """Between 0.6 at night and 1.4 at noon; it begins in the morning, when demand grows fastest."""
    return 1.0 + 0.4 * math.sin(2 * math.pi * seconds / DAY_S)


def _bursty(seconds: float) -> float:
    """Two seconds in nine three times as many, so that the mean is about one."""
    return 2.1 if seconds % _BURST_EVERY_S < _BURST_S else 0.7


RHYTHMS: dict[str, Callable[[float], float]] = {"steady": _steady, "daily": _daily, "bursty": _bursty}
#: No rhythm rises above this.
HIGHEST = 2.1
