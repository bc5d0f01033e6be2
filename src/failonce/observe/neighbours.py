"""Who else uses the processors of the database's machine: programs by name, those that yield left out."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Iterator

import psutil

from failonce.model.snapshot import Neighbour

#: Named are those with at least this share of all cores, and so many of them.
_LEAST = 0.05
_MOST_NAMED = 3
_EVERY_S = 2.0
# Differences since an earlier incident say nothing about this one.
_TOO_LONG_S = 10.0


class Neighbours:
    """Programs that are not PostgreSQL, by the processor time they took since the previous reading."""

    def __init__(self) -> None:
        self._read_s = float("-inf")
        #: By pid.
        self._cpu_s: dict[int, float] = {}
        self._found: tuple[Neighbour, ...] = ()

    def read(self, postmaster_pid: int | None) -> tuple[Neighbour, ...]:
        """Return the largest, measured over two seconds at least; nothing at the first reading."""
        now_s = time.monotonic()
        elapsed_s = now_s - self._read_s
        if elapsed_s < _EVERY_S - 0.25:
            return self._found
        before = self._cpu_s if elapsed_s <= _TOO_LONG_S else {}
        running = list(_running(postmaster_pid))
        taken_s: defaultdict[str, float] = defaultdict(float)
        for pid, name, cpu_s in running:
            taken_s[name] += max(0.0, cpu_s - before.get(pid, cpu_s))
        self._read_s, self._cpu_s = now_s, {pid: cpu_s for pid, _, cpu_s in running}
        largest = sorted(taken_s.items(), key=lambda item: (-item[1], item[0]))[:_MOST_NAMED]
        shares = ((name, seconds / elapsed_s / (os.cpu_count() or 1)) for name, seconds in largest)
        self._found = tuple(Neighbour(name, share) for name, share in shares if share >= _LEAST)
        return self._found


def _running(postmaster_pid: int | None) -> Iterator[tuple[int, str, float]]:
    """Yield pid, name and processor time of every process that is neither PostgreSQL's nor niced."""
    for process in psutil.process_iter():
        try:
            with process.oneshot():
                if postmaster_pid in (process.pid, process.ppid()) or process.nice() > 0:
                    continue
                times = process.cpu_times()
                yield process.pid, process.name(), times.user + times.system
        except psutil.Error:
            continue
