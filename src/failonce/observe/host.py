"""The machine the database runs on (source: psutil), when it is this one."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import psutil

from failonce.model import snapshot
from failonce.model.snapshot import Gap
from failonce.observe.neighbours import Neighbours
from failonce.observe.processes import DatabaseProcesses
from failonce.observe.source import Parts, Unseen

_ELSEWHERE = Unseen(
    "the database is not said to run on this machine",
    hint="run failonce on the database's machine and say that the target is local",
    lasting=True,
)
_APART = Unseen(
    "PostgreSQL's processes cannot be seen from here: another container?",
    hint="run failonce where `ps -C postgres` shows the server",
    lasting=True,
)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Counters of the machine: seconds of CPU of all cores together, bytes of all disks together."""

    read_s: float
    total_s: float
    idle_s: float
    iowait_s: float
    steal_s: float
    disk_read_bytes: int
    disk_written_bytes: int


class Host:
    """CPU, memory and disk since the previous reading. `cpu_busy` is neither idle, nor niced, nor waiting for disks."""

    name = "host"
    impact = "whether the machine itself is short of CPU, memory or disk is not known"

    def __init__(
        self,
        backend_pid: Callable[[], int | None],
        *,
        local: bool,
        data_directory: Callable[[], str | None] = lambda: None,
    ) -> None:
        """`backend_pid` names a process of the server while we are connected to it."""
        self._local = local
        self._backend_pid = backend_pid
        self._data_directory = data_directory
        self._processes = DatabaseProcesses()
        self._neighbours = Neighbours()
        self._before: _Reading | None = None
        #: Something is wrong: look for the neighbours too, which costs a file per process of the machine.
        self.is_urgent = False

    def read(self, at: datetime) -> Parts:
        if not self._local:
            raise _ELSEWHERE
        before, now = self._before, _read()
        self._before = now
        share, gaps = self._database_share()
        cpu_s = now.total_s - before.total_s if before else 0.0
        if before is None or cpu_s <= 0:
            return {"gaps": gaps}
        iowait = (now.iowait_s - before.iowait_s) / cpu_s
        free_bytes, disk_bytes = _disk(self._data_directory())
        host = snapshot.Host(
            interval_s=now.read_s - before.read_s,
            cores=os.cpu_count() or 1,
            cpu_busy=_share(1 - (now.idle_s - before.idle_s) / cpu_s - iowait),
            cpu_iowait=_share(iowait),
            cpu_steal=_share((now.steal_s - before.steal_s) / cpu_s),
            cpu_database=None if share is None else _share(share),
            memory_available_bytes=psutil.virtual_memory().available,
            disk_read_bytes=max(0, now.disk_read_bytes - before.disk_read_bytes),
            disk_written_bytes=max(0, now.disk_written_bytes - before.disk_written_bytes),
            disk_free_bytes=free_bytes,
            disk_total_bytes=disk_bytes,
            neighbours=self._neighbours.read(self._processes.postmaster_pid) if self.is_urgent else (),
        )
        return {"host": host, "gaps": gaps}

    def _database_share(self) -> tuple[float | None, tuple[Gap, ...]]:
        pid = self._backend_pid()
        try:
            return (None if pid is None else self._processes.share(pid)), ()
        except LookupError:
            return None, (_APART.gap(self.name, "whether PostgreSQL or a neighbour uses the CPU is not known"),)


def _read() -> _Reading:
    cpu = psutil.cpu_times()
    # Outside Linux some of these do not exist; guest time is within user and nice.
    of = {name: float(getattr(cpu, name, 0.0)) for name in ("iowait", "irq", "softirq", "steal", "nice")}
    disks = psutil.disk_io_counters()
    return _Reading(
        read_s=time.monotonic(),
        total_s=cpu.user + cpu.system + cpu.idle + sum(of.values()),
        # Niced processes yield to everybody else: what they use is there for the asking, not taken from the database.
        idle_s=cpu.idle + of["nice"],
        iowait_s=of["iowait"],
        steal_s=of["steal"],
        disk_read_bytes=disks.read_bytes if disks else 0,
        disk_written_bytes=disks.write_bytes if disks else 0,
    )


def _disk(directory: str | None) -> tuple[int | None, int | None]:
    """Return what an ordinary user may still write where this directory lies, and how large that is."""
    try:
        found = os.statvfs(directory or "")
    except OSError:
        return None, None
    return found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize


def _share(value: float) -> float:
    """Return the value within 0..1: iowait may run backwards (proc(5))."""
    return min(1.0, max(0.0, value))
