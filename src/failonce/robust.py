"""Robust statistics: what a series usually is, how far a value is from it, and where the series changed.

Medians and median deviations, because outages are outliers and means follow them (field.md part B, section 3).
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from statistics import fmean, median

# A median absolute deviation of a normal distribution times this is its standard deviation.
_MAD_TO_SIGMA = 1.4826


def spread(values: Sequence[float]) -> float:
    """Return the median absolute deviation, scaled to a standard deviation.

    >>> spread([1, 2, 3, 4, 100])
    1.4826
    """
    middle = median(values)
    return _MAD_TO_SIGMA * median(abs(v - middle) for v in values)


def usual(baseline: Sequence[float], *, floor: float) -> tuple[float, float]:
    """Return what a series usually is: its median, and the spread that distances from it are measured in.

    `floor` is the smallest spread that matters, in the values' unit: a series that never moved is not infinitely
    certain. A tenth of the median serves as a second floor.
    """
    middle = median(baseline)
    return middle, max(spread(baseline), floor, abs(middle) / 10)


def change_point(values: Sequence[float]) -> int:
    """Return the index at which the series most likely moved to another level (0 when it has no two levels).

    The largest excursion of the cumulative sum around the mean. Clip the values first (see `clipped`): one spike is
    not a level, and a level of two samples at the end must still be found.

    >>> change_point([0, 1, 0, 4, 0, 9, 8, 9])
    5
    """
    middle = fmean(values) if values else 0.0
    best, at, total = 0.0, 0, 0.0
    for index, value in enumerate(values[:-1], start=1):
        total += value - middle
        if abs(total) > best + 1e-9:
            best, at = abs(total), index
    return at


def rank_shift(usual: Sequence[float], latest: Sequence[float]) -> float:
    """Return how far `latest` stands above (+) or below (-) the sorted `usual`: Mann and Whitney's z.

    It asks only for order, so one enormous value weighs no more than any other.

    >>> round(rank_shift([1, 2, 3, 4, 5, 6], [7, 8, 900]), 2)
    2.32
    """
    n, m = len(usual), len(latest)
    if not n or not m or (usual[0] == usual[-1] and set(latest) == {usual[0]}):
        return 0.0
    below = sum(bisect_left(usual, v) + bisect_right(usual, v) for v in latest) / 2
    return (below - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)


def clipped(values: Sequence[float], low: float, high: float) -> list[float]:
    """Return the values held between two bounds.

    >>> clipped([-7, 2, 99], -3, 10)
    [-3, 2, 10]
    """
    return [min(max(v, low), high) for v in values]


def quantile(buckets: Sequence[int], bounds: Sequence[float], share: float) -> float | None:
    """Return the value below which `share` of a histogram's observations lie, or None when it holds none.

    `buckets` are counts (not cumulative) up to each bound; interpolated within the bucket as Prometheus does, and
    the last finite bound stands for everything beyond it.
    """
    total = sum(buckets)
    if total == 0:
        return None
    wanted, seen, lower = share * total, 0, 0.0
    for count, bound in zip(buckets, bounds, strict=True):
        if seen + count >= wanted and count:
            return lower if math.isinf(bound) else lower + (bound - lower) * (wanted - seen) / count
        seen, lower = seen + count, lower if math.isinf(bound) else bound
    return lower


def wilson(successes: int, n: int) -> tuple[float, float]:
    """Return the 95 % confidence interval of a share (Wilson 1927): honest for small n, and within 0..1.

    >>> [round(bound, 2) for bound in wilson(10, 10)]
    [0.72, 1.0]
    """
    if n == 0:
        return 0.0, 1.0
    z = 1.96
    share, room = successes / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / room
    half = z / room * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value at or below which `share` of the values lie; one of the values, never one in between.

    >>> percentile([5, 1, 3, 2, 4], 0.5)
    3
    """
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)]
