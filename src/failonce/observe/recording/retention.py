"""How long what is kept: raw, then rolled up to 10 s, then to 60 s. Incident windows are never touched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path

from failonce.model.errors import RecordingDamaged
from failonce.observe.recording.layout import TIERS, Segment, segments, write_segment
from failonce.observe.recording.once import Totals
from failonce.observe.recording.reader import carried, whole
from failonce.observe.recording.rollup import roll_up
from failonce.observe.recording.schema import to_batch, to_row

# A rolled-up segment holds this many snapshots: an hour of 10 s each, six hours of 60 s each.
_SNAPSHOTS = 360


@dataclass(frozen=True, slots=True)
class Retention:
    """The age at which snapshots leave each tier; the next coarser one takes them up."""

    raw: timedelta = timedelta(hours=6)
    by_10s: timedelta = timedelta(days=7)
    by_60s: timedelta = timedelta(days=90)


def tidy(path: Path, retention: Retention, *, now: datetime) -> Iterator[None]:
    """Roll up and drop what is old enough, a few milliseconds of work at each step."""
    yield from _roll_up(path, "raw", "10s", older_than=now - retention.raw)
    yield from _roll_up(path, "10s", "60s", older_than=now - retention.by_10s)
    for segment in segments(path):
        if segment.resolution_s == TIERS["60s"] and segment.starts_at < now - retention.by_60s:
            segment.path.unlink()


def _roll_up(path: Path, tier: str, coarser: str, *, older_than: datetime) -> Iterator[None]:
    length_s = _SNAPSHOTS * TIERS[coarser]
    over = [segment for segment, later in pairwise(segments(path)) if later.starts_at <= older_than]
    fine = [segment for segment in over if segment.resolution_s == TIERS[tier]]
    for period, group in groupby(fine, key=lambda segment: segment.starts_at.timestamp() // length_s):
        if (period + 1) * length_s <= older_than.timestamp():
            # Where nothing can be read there is nothing to roll up; the files stay for whoever can repair them.
            with suppress(RecordingDamaged):
                yield from _succeed(list(group), path / coarser, TIERS[coarser])


def _succeed(old: list[Segment], folder: Path, interval_s: int) -> Iterator[None]:
    """Write the one segment that replaces several, then remove them; killed in between, readers see both as one."""
    totals = Totals()
    batches = []
    for snapshot in roll_up(carried(item for segment in old for item in whole(segment)), interval_s):
        batches.append(to_batch([totals.left_out(to_row(snapshot))]))
        yield
    write_segment(folder, batches, starts_at=old[0].starts_at)
    for segment in old:
        segment.path.unlink()
