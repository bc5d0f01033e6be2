"""The recordings on this machine, read for pages: many may look at once, each recording is read once a second.

Nobody waits for a reading while there is one that is a few seconds old: a thread brings the next.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from failonce.model.errors import CannotLook, NotFound
from failonce.model.snapshot import Snapshot
from failonce.observe.recording import read
from failonce.observe.recording.layout import LIVE

#: A watch takes one snapshot a second: what was read within it is the newest there is.
_FRESH_S = 1.0
#: From here on one waits for a new reading instead.
_STALE_S = 5.0
_SLACK = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class _Reading:
    at_s: float
    from_at: datetime
    #: Of the recording as it was before it was read.
    mark: str
    snapshots: tuple[Snapshot, ...]


class Recordings:
    """A folder of recordings, each in a folder of its target's name."""

    def __init__(self, folder: Path) -> None:
        """Read below `folder`, which need not be there."""
        self._folder = folder
        self._known: dict[str, _Reading] = {}
        self._under_way: set[str] = set()
        self._lock = threading.Lock()

    def names(self) -> tuple[str, ...]:
        """Return the targets that are recorded."""
        return tuple(path.name for path in self._folder.iterdir() if path.is_dir()) if self._folder.is_dir() else ()

    def since(self, target: str, from_at: datetime) -> tuple[Snapshot, ...]:
        """Return a target's snapshots from an instant on; none when there is no recording that can be read."""
        known = self._known.get(target)
        if known is None or from_at < known.from_at - _SLACK:
            known = self._renewed(target, from_at)
        elif known.mark != self._mark(target):
            age_s = time.monotonic() - known.at_s
            if age_s >= _STALE_S:
                known = self._renewed(target, from_at)
            elif age_s >= _FRESH_S:
                self._renew_aside(target, from_at)
        return tuple(snapshot for snapshot in known.snapshots if snapshot.at >= from_at)

    def mark(self, target: str | None = None) -> str:
        """Return what changes whenever more is recorded: of one target, of all when none is named."""
        return " ".join(self._mark(name) for name in sorted(self.names()) if target in (None, name))

    def _mark(self, name: str) -> str:
        # A name that is no folder's of ours, such as `..`, leads nowhere.
        if name in ("", ".", "..") or "/" in name:
            return ""
        try:
            found = (self._folder / name / LIVE).stat()
        except OSError:
            return ""
        return f"{found.st_mtime_ns:x}.{found.st_size:x}"

    def _renew_aside(self, target: str, from_at: datetime) -> None:
        with self._lock:
            if target in self._under_way:
                return
            self._under_way.add(target)
        threading.Thread(target=self._renewed, args=(target, from_at), daemon=True).start()

    def _renewed(self, target: str, from_at: datetime) -> _Reading:
        try:
            mark = self._mark(target)
            made = self._known[target] = _Reading(time.monotonic(), from_at, mark, self._read(target, from_at))
            return made
        finally:
            with self._lock:
                self._under_way.discard(target)

    def _read(self, target: str, from_at: datetime) -> tuple[Snapshot, ...]:
        # A name that is no folder's of ours, such as `..`, leads nowhere.
        if target not in self.names():
            return ()
        try:
            return tuple(read(self._folder / target, from_at=from_at))
        except (NotFound, CannotLook):
            return ()
