"""Writing a recording: append, seal, go on after a kill, go on without space.

What `append` returns is what a replay will yield; whoever judges snapshots live must judge these.
"""

from __future__ import annotations

import fcntl
import os
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from failonce.model.errors import CannotLook, UsageError
from failonce.model.snapshot import Gap, Snapshot
from failonce.observe.recording.layout import (
    DAMAGE,
    LIVE,
    read_header,
    segments,
    to_batches,
    write_header,
    write_segment,
)
from failonce.observe.recording.once import Told, Totals
from failonce.observe.recording.reader import live, open_live, whole
from failonce.observe.recording.retention import Retention, tidy
from failonce.observe.recording.schema import from_row, to_batch, to_row
from failonce.observe.recording.tail import Tail

# Snapshots per segment, and at which multiples sealing is tried again when there was no space for it.
_SEGMENT = 900
_SEAL_EVERY = 60
# How many snapshots are kept in memory while they cannot be written: a quarter of an hour.
_UNSAVED = 900
_DEFAULT = Retention()


class Recording:
    """The one writer of a recording."""

    def __init__(self, path: Path, retention: Retention, gaps: tuple[Gap, ...]) -> None:
        """Begin a segment in a folder that is claimed and tidy; `create` is the way in."""
        self._path = path
        self._retention = retention
        self._tail = Tail(path / LIVE)
        self._told = Told()
        self._totals = Totals()
        self._last_at = _last_at(path)
        # What the next snapshot has to tell of.
        self._gaps = gaps
        self._unsaved: deque[Snapshot] = deque()
        self._lost = 0
        self._tidying: Iterator[None] = iter(())
        self._claims = ExitStack()

    @classmethod
    def create(cls, path: Path, *, target: str, retention: Retention = _DEFAULT) -> Self:
        """Begin a recording in a folder, or go on with the one of this target that is there."""
        with ExitStack() as claims:
            try:
                path.mkdir(parents=True, exist_ok=True)
                claims.callback(os.close, _locked(path))
                _claim(path, target)
                recording = cls(path, retention, _seal_what_a_kill_left(path))
            except OSError as error:
                hint = f"make room there, or name a folder you may write to: df -h {path}; ls -ld {path}"
                raise CannotLook(f"cannot record into {path}: {error.strerror}", hint=hint) from error
            recording._claims = claims.pop_all()
        return recording

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def append(self, snapshot: Snapshot) -> Snapshot:
        """Save a snapshot and return it as recorded.

        The first of a segment also has the texts and the catalog it refers to. While the disk refuses it has a Gap,
        and is written when there is space again.
        """
        recorded = self._as_recorded(snapshot)
        try:
            self._save_unsaved()
            self._save(recorded)
        except OSError as error:
            return self._keep(recorded, error)
        if len(self._tail) >= _SEGMENT and len(self._tail) % _SEAL_EVERY == 0:
            with suppress(OSError):
                self._seal()
        # What it could not write now it writes after the next sealing.
        with suppress(OSError):
            next(self._tidying, None)
        return recorded

    def close(self) -> None:
        """Seal what is there; without space for that it stays readable as it is."""
        with suppress(OSError):
            self._save_unsaved()
            if len(self._tail):
                self._seal()
            (self._path / LIVE).unlink()
        self._tail.close()
        self._claims.close()

    def _as_recorded(self, snapshot: Snapshot) -> Snapshot:
        gaps, self._gaps = self._gaps, ()
        if self._last_at and snapshot.at <= self._last_at:
            gaps = (*gaps, _clock_went_back(self._last_at - snapshot.at))
            snapshot = replace(snapshot, at=self._last_at + timedelta(microseconds=1))
        self._last_at = snapshot.at
        told = self._told.complete(replace(snapshot, gaps=(*snapshot.gaps, *gaps)))
        return from_row(to_row(told))

    def _save(self, snapshot: Snapshot) -> None:
        self._tail.append(to_batch([self._totals.left_out(to_row(snapshot))]))

    def _save_unsaved(self) -> None:
        while self._unsaved:
            self._save(self._unsaved[0])
            self._unsaved.popleft()
        self._lost = 0

    def _keep(self, snapshot: Snapshot, error: OSError) -> Snapshot:
        """Keep a snapshot in memory until it can be written; the oldest ones go when there are too many."""
        if len(self._unsaved) == _UNSAVED:
            self._unsaved.popleft()
            self._lost += 1
            # What the lost one told must be told again.
            self._told.begin_segment()
        # What was not written cannot be what a total is worked out from.
        self._totals = Totals()
        gap = self._unwritten(error)
        self._unsaved.append(replace(snapshot, gaps=(*snapshot.gaps, gap)))
        return self._unsaved[-1]

    def _seal(self) -> None:
        write_segment(self._path / "raw", self._tail.batches)
        self._tail.clear()
        self._told.begin_segment()
        self._totals = Totals()
        if self._last_at:
            self._tidying = tidy(self._path, self._retention, now=self._last_at)

    def _unwritten(self, error: OSError) -> Gap:
        lost = f", {self._lost} older ones are lost" if self._lost else ""
        return Gap(
            source="recording",
            reason=f"{self._path} cannot be written: {error.strerror}",
            impact=f"the last {len(self._unsaved) + 1} snapshots are in memory only{lost}",
            hint=f"make room, and they are written: df -h {self._path}",
        )


def _locked(path: Path) -> int:
    """Return a lock on the folder that ends with the process, however that ends."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise UsageError(
            f"another process records into {path}", hint="name another folder, or end that process"
        ) from error
    return descriptor


def _claim(path: Path, target: str) -> None:
    try:
        header = read_header(path)
    except DAMAGE:
        write_header(path, target)
    else:
        if header.target != target:
            message = f"{path} is the recording of {header.target}, not of {target}"
            raise UsageError(message, hint="name another folder, one for each target")


def _seal_what_a_kill_left(path: Path) -> tuple[Gap, ...]:
    """Seal the live tail of a writer that was killed, and return what of it could not be read."""
    for unfinished in (*path.glob("*.unfinished"), *path.glob("*/*.unfinished")):
        unfinished.unlink()
    with open_live(path) as file:
        items = list(live(path, file))
    if batches := list(to_batches(item for item in items if isinstance(item, Snapshot))):
        write_segment(path / "raw", batches)
    return tuple(item for item in items if isinstance(item, Gap))


def _last_at(path: Path) -> datetime | None:
    return max((item.at for s in segments(path)[-1:] for item in whole(s) if isinstance(item, Snapshot)), default=None)


def _clock_went_back(by: timedelta) -> Gap:
    return Gap(
        source="recording",
        reason=f"the clock went back by {by.total_seconds():.3f} s",
        impact="until it has caught up, instants are those after the last one recorded",
        hint="let NTP slew the clock instead of setting it: chronyc tracking",
    )
