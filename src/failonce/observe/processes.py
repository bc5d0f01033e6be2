"""The CPU time of PostgreSQL's processes: the postmaster and its children (source: psutil, /proc).

Found from one of our own backends, so that another server on the same machine is not counted.
"""

from __future__ import annotations

import os
import time
from math import isfinite
from pathlib import Path

import psutil

# Reading every backend's times costs a file each: less often than the rest.
_EVERY_S = 2.0


class DatabaseProcesses:
    """PostgreSQL's share of all cores, measured over two seconds at least."""

    def __init__(self) -> None:
        self._postmaster: psutil.Process | None = None
        self._read_s = float("-inf")
        self._cpu_s = 0.0
        self._share: float | None = None

    @property
    def postmaster_pid(self) -> int | None:
        """The server's first process; None until it was found."""
        return None if self._postmaster is None else self._postmaster.pid

    def share(self, backend_pid: int) -> float | None:
        """Return 0..1 of all cores, None when first asked; LookupError when the processes cannot be seen."""
        now_s = time.monotonic()
        if now_s - self._read_s < _EVERY_S - 0.25:
            return self._share
        try:
            cpu_s, is_same = self._total(backend_pid)
        except psutil.Error as error:
            raise LookupError(backend_pid) from error
        # Where another server ran at the previous reading, this one took all that it took since.
        added_s = max(0.0, cpu_s - self._cpu_s) if is_same else cpu_s
        share = added_s / ((now_s - self._read_s) * (os.cpu_count() or 1))
        self._share = share if is_same or (isfinite(self._read_s) and share <= 1) else None
        self._read_s, self._cpu_s = now_s, cpu_s
        return self._share

    def _total(self, backend_pid: int) -> tuple[float, bool]:
        """Return the CPU seconds so far, and whether they are of the same server as the previous reading's."""
        is_same = self._postmaster is not None and self._postmaster.is_running()
        if not is_same:
            self._postmaster = _postmaster(backend_pid)
        assert self._postmaster is not None
        times = self._postmaster.cpu_times()
        # A backend's time moves to the postmaster's account of its children when it ends: the sum never falls.
        own = times.user + times.system + times.children_user + times.children_system
        return own + sum(_cpu_s(pid) for pid in _children(self._postmaster)), is_same


def _postmaster(backend_pid: int) -> psutil.Process:
    parent = psutil.Process(backend_pid).parent()
    # "postmaster" on older packages.
    if parent is None or not parent.name().startswith("post"):
        raise psutil.NoSuchProcess(backend_pid)
    return parent


def _children(postmaster: psutil.Process) -> list[int]:
    try:
        # One file, where psutil would read every process of the machine.
        return [int(pid) for pid in Path(f"/proc/{postmaster.pid}/task/{postmaster.pid}/children").read_text().split()]
    except OSError:
        return [child.pid for child in postmaster.children()]


def _cpu_s(pid: int) -> float:
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return 0.0
    return times.user + times.system
