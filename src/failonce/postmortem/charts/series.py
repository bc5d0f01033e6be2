"""Readings of the recording as series for a chart. What was not read is a gap, never a zero."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from typing import TypeVar

from failonce import robust
from failonce.model.snapshot import Application, Snapshot, Statements, Tables

#: More points than pixels only make a file large.
MOST_POINTS = 600


@dataclass(frozen=True, slots=True)
class Reading:
    """What a counter says about the time from one reading to the next; None when it says nothing."""

    from_at: datetime
    at: datetime
    value: float | None


Series = tuple[Reading, ...]
Part = TypeVar("Part", Application, Statements, Tables)


def response_time_ms(snapshots: Sequence[Snapshot], share: float) -> Series:
    """Return the time within which this share of the requests was answered."""

    def value(application: Application) -> float | None:
        seconds = robust.quantile(application.buckets, application.bounds_s, share)
        return None if seconds is None else seconds * 1000

    return _readings(snapshots, lambda s: s.application, value)


def requests_per_s(snapshots: Sequence[Snapshot]) -> Series:
    return _readings(snapshots, lambda s: s.application, lambda a: _per_second(a.requests, a.interval_s))


def errors_per_s(snapshots: Sequence[Snapshot]) -> Series:
    return _readings(snapshots, lambda s: s.application, lambda a: _per_second(a.errors, a.interval_s))


def blocks_per_call(snapshots: Sequence[Snapshot], fingerprint: str) -> Series:
    """Return the blocks one statement touched per call; nothing where it was not called."""

    def value(statements: Statements) -> float | None:
        rows = [row for row in statements.rows if row.fingerprint == fingerprint]
        calls = sum(row.calls for row in rows)
        return sum(row.blocks for row in rows) / calls if calls else None

    return _readings(snapshots, lambda s: s.statements, value)


def rows_scanned_per_s(snapshots: Sequence[Snapshot], relations: Collection[str]) -> Series:
    """Return the rows that sequential scans read from these relations."""

    def value(tables: Tables) -> float | None:
        rows = sum(row.seq_rows for row in tables.rows if row.relation in relations)
        return _per_second(rows, tables.interval_s)

    return _readings(snapshots, lambda s: s.tables, value)


def known(series: Series) -> list[float]:
    return [r.value for r in series if r.value is not None]


def segments(series: Series, most: int = MOST_POINTS) -> list[Series]:
    """Return the stretches without a gap, thinned to about `most` readings in all."""
    size = max(1, math.ceil(len(series) / most))
    thinned = (thin(run, size) for run in unbroken(series))
    return [
        tuple(stretch)
        for run in thinned
        for has_value, stretch in groupby(run, key=lambda r: r.value is not None)
        if has_value
    ]


def thin(series: Series, size: int) -> Series:
    """Return one reading for every `size` neighbours, the largest, so that no spike is lost."""
    if size == 1:
        return series
    return tuple(_largest(series[start : start + size]) for start in range(0, len(series), size))


def unbroken(series: Series) -> Iterator[Series]:
    """Yield the runs in which each reading begins where the one before it ended."""
    start = 0
    for index, (before, after) in enumerate(pairwise(series), start=1):
        # Half an interval is what a busy sampler may be late.
        if after.from_at - before.at > (after.at - after.from_at) / 2:
            yield series[start:index]
            start = index
    if series:
        yield series[start:]


def _largest(run: Series) -> Reading:
    largest = max(run, key=lambda r: -math.inf if r.value is None else r.value)
    return Reading(run[0].from_at, run[-1].at, largest.value)


def _readings(
    snapshots: Sequence[Snapshot], part: Callable[[Snapshot], Part | None], value: Callable[[Part], float | None]
) -> Series:
    found: list[Reading] = []
    for snapshot in snapshots:
        read = part(snapshot)
        if read is not None:
            # What a late reading says of time already told is not told twice.
            told = found[-1].at if found else datetime.min.replace(tzinfo=UTC)
            from_at = max(told, snapshot.at - timedelta(seconds=read.interval_s))
            found.append(Reading(from_at, snapshot.at, value(read)))
    return tuple(found)


def _per_second(count: int, interval_s: float) -> float | None:
    return count / interval_s if interval_s > 0 else None
