"""Reading a recording, also while it is written: what is whole is read, and what is missing is told as a Gap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from failonce.model.errors import RecordingDamaged
from failonce.model.snapshot import Gap, Snapshot
from failonce.observe.recording.layout import (
    DAMAGE,
    HEADER,
    LIVE,
    Segment,
    read_header,
    read_segment,
    require_recording,
    segments,
)
from failonce.observe.recording.once import Told
from failonce.observe.recording.tail import read_tail


def read(path: Path, *, from_at: datetime | None = None, to_at: datetime | None = None) -> Iterator[Snapshot]:
    """Yield the snapshots from one instant to another, both included, as `Recording.append` returned them.

    The first one of a reading that begins in the middle has the texts and the catalog told before it added.
    """
    require_recording(path)
    return carried(_within(_everything(path, from_at), from_at, to_at))


def whole(segment: Segment) -> Iterator[Snapshot | Gap]:
    """Yield what can be read of a segment, and a Gap for the rest."""
    try:
        yield from read_segment(segment.path)
    except FileNotFoundError:
        raise
    except DAMAGE as error:
        yield _damaged(segment.path, error)


def open_live(path: Path) -> BinaryIO:
    """Open the live tail; one that is not there is an empty one."""
    try:
        return (path / LIVE).open("rb")
    except FileNotFoundError:
        return BytesIO()


def live(path: Path, file: BinaryIO) -> Iterator[Snapshot | Gap]:
    """Yield what can be read of the live tail, and a Gap for the rest."""
    try:
        yield from read_tail(file)
    except DAMAGE as error:
        yield _damaged(path / LIVE, error)


def carried(items: Iterable[Snapshot | Gap]) -> Iterator[Snapshot]:
    """Yield the snapshots in order of time, each loss told by the first one after it (after the last: by the last)."""
    held: Snapshot | None = None
    losses: list[Gap] = []
    for item in items:
        if isinstance(item, Gap):
            losses.append(item)
        elif held is None or item.at > held.at:  # else it was read before: its segment has a successor
            if held is not None:
                yield held
            held, losses = _with(item, losses), []
    if held is not None:
        yield _with(held, losses)
    elif losses:
        raise RecordingDamaged(losses[0].reason, hint=losses[0].hint)


def _with(snapshot: Snapshot, losses: list[Gap]) -> Snapshot:
    return replace(snapshot, gaps=(*snapshot.gaps, *losses)) if losses else snapshot


def _everything(path: Path, from_at: datetime | None) -> Iterator[Snapshot | Gap]:
    """Yield what can be read, from the segment on that holds an instant."""
    try:
        read_header(path)
    except DAMAGE as error:
        yield _damaged(path / HEADER, error)
    # Opened before the segments are listed: what is sealed meanwhile is then in one of both.
    with open_live(path) as file:
        yield from _sealed(path, from_at)
        yield from live(path, file)


def _sealed(path: Path, from_at: datetime | None) -> Iterator[Snapshot | Gap]:
    remaining = _reaching(segments(path), from_at)
    while remaining:
        segment, *remaining = remaining
        try:
            for item in whole(segment):
                from_at = item.at if isinstance(item, Snapshot) else from_at
                yield item
        except FileNotFoundError:
            # Rolled up since the folder was listed: its successor is there by now.
            remaining = _reaching(segments(path), from_at)


def _reaching(found: list[Segment], from_at: datetime | None) -> list[Segment]:
    """Return the segments without those that end before an instant."""
    if from_at is None:
        return found
    over = {segment.path for segment, later in pairwise(found) if later.starts_at <= from_at}
    return [segment for segment in found if segment.path not in over]


def _within(
    items: Iterable[Snapshot | Gap], from_at: datetime | None, to_at: datetime | None
) -> Iterator[Snapshot | Gap]:
    told: Told | None = None
    for item in items:
        if isinstance(item, Gap):
            yield item
        elif from_at and item.at < from_at:
            told = told or Told()
            told.learn(item)
        elif to_at and item.at > to_at:
            return
        else:
            yield told.introduce(item) if told else item
            told, from_at = None, None


def _damaged(path: Path, error: Exception) -> Gap:
    return Gap(
        source="recording",
        reason=f"{path} is damaged: {error}",
        impact="what was seen just before this instant is missing, as far as that file held it",
        hint=f"restore the file from a backup, or leave it out: mv {path} {path}.damaged",
    )
