"""All sources together: one Snapshot per tick, on a steady schedule, whatever hangs or fails.

At most two connections to the database, opened at once and kept. Three lanes run beside the tick: the database's
sources one after another, the round-trip probe, and the application's endpoint.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from failonce.model.errors import DatabaseUnreachable
from failonce.model.snapshot import Gap, Snapshot
from failonce.model.target import Target
from failonce.observe.application import Application
from failonce.observe.catalog import CatalogChanges
from failonce.observe.connection import Connection, ConnectionLost
from failonce.observe.database import Database
from failonce.observe.fingerprints import Fingerprints
from failonce.observe.host import Host
from failonce.observe.idle import Idle
from failonce.observe.lane import Lane
from failonce.observe.locks import LockWaits
from failonce.observe.log import ServerLog
from failonce.observe.pace import Paced
from failonce.observe.probe import TIMEOUT_MS, UNANSWERED, Probe
from failonce.observe.releases import Announced, Releases
from failonce.observe.server import Server
from failonce.observe.sessions import Sessions
from failonce.observe.source import Parts, merged
from failonce.observe.statements import StatementStatistics
from failonce.observe.tables import TableStatistics

_BLIND = "sessions, statements, tables and catalog are not known"
_SILENT = Gap("connection", "the database has not answered for two seconds", _BLIND, "nothing to do: it is waited for")
# The same gap is said again after this long, so that it is also within a window that begins later.
_SAY_AGAIN_S = 60.0
# No further source of the database is begun later than this in a tick; those left over come with the next.
_ROUND_S = 0.5


class Observer:
    """Watches one target."""

    def __init__(self, target: Target, *, period_s: float = 1.0, announced: Announced | None = None) -> None:
        """Open the connections, or raise DatabaseUnreachable; `announced` says what was announced since an instant."""
        self._period_s = period_s
        self._urgent = False
        self._said_s: dict[tuple[str, str], float] = {}
        self._connection = Connection(target.dsn)
        self._connection.open()
        self._probing = Connection(target.dsn, statement_timeout_ms=TIMEOUT_MS)
        # Without it there is a Gap, and it is tried again.
        with contextlib.suppress(DatabaseUnreachable):
            self._probing.open()
        self._fingerprints = Fingerprints()
        self._statements = StatementStatistics(self._connection, self._fingerprints)
        sessions = Sessions(self._connection, self._fingerprints)
        log = ServerLog(self._connection, self._fingerprints, local=target.local, log_file=target.log_file)
        self._every_tick = (
            Paced(sessions),
            Paced(LockWaits(self._connection, sessions)),
            Paced(Database(self._connection)),
            Paced(log),
        )
        self._now_and_then = (
            Paced(self._statements, calm_s=10, urgent_s=2),
            Paced(TableStatistics(self._connection), calm_s=5, urgent_s=2),
            Paced(Server(self._connection), calm_s=5, urgent_s=2),
            Paced(CatalogChanges(self._connection), calm_s=10, urgent_s=2),
            Paced(Idle(self._connection, self._fingerprints), calm_s=10, urgent_s=2),
        )
        self._machine = Host(
            lambda: self._connection.backend_pid, local=target.local, data_directory=lambda: log.data_directory
        )
        self._host = Paced(self._machine)
        self._releases = Releases(announced)
        self._lanes = (
            Lane("database", self._read_database, overdue={"gaps": (_SILENT,)}),
            Lane("probe", self._reader(Paced(Probe(self._probing))), overdue=UNANSWERED),
            Lane("application", self._reader(Paced(Application(target.metrics_url))), overdue={}),
        )

    def snapshot(self) -> Snapshot:
        """Return what is seen now; takes about a period at the most."""
        at = datetime.now(UTC)
        until_s = time.monotonic() + 0.9 * self._period_s
        for lane in self._lanes:
            lane.start(at)
        parts = merged([self._read(self._host, at), *(lane.collect(until_s) for lane in self._lanes)])
        parts["gaps"] = tuple(gap for gap in parts["gaps"] if self._is_to_be_said(gap))
        releases = self._releases.read(at, parts.get("sessions"), parts.get("application"))
        return Snapshot(at=at, releases=releases, **parts)

    def snapshots(self, stop: threading.Event) -> Iterator[Snapshot]:
        """Yield a snapshot per period until `stop` is set; a tick that was missed is not made up for."""
        next_s = time.monotonic()
        while not stop.is_set():
            yield self.snapshot()
            missed = max(0, math.floor((time.monotonic() - next_s) / self._period_s))
            next_s += (missed + 1) * self._period_s
            stop.wait(max(0.0, next_s - time.monotonic()))

    def hasten(self, urgent: bool) -> None:
        """Read statements, tables and the catalog at the next tick and every two seconds from now on, or calm down."""
        if urgent and not self._urgent:
            for paced in self._now_and_then:
                paced.hasten()
        self._urgent = self._statements.is_urgent = self._machine.is_urgent = urgent

    def close(self) -> None:
        """Give the connections back."""
        self._connection.close()
        self._probing.close()

    def _read_database(self, at: datetime) -> Parts:
        """Read the database's sources that are due, the most telling first."""
        until_s = time.monotonic() + _ROUND_S
        read: list[Parts] = []
        try:
            self._connection.ensure_open()
            sources = (*self._every_tick, *self._now_and_then)
            read.extend(self._read(paced, at) for paced in sources if time.monotonic() < until_s)
        except ConnectionLost as lost:
            read.append({"gaps": (lost.gap("connection", _BLIND),)})
        read.append({"queries": self._fingerprints.untold()})
        return merged(read)

    def _reader(self, paced: Paced) -> Callable[[datetime], Parts]:
        return lambda at: self._read(paced, at)

    def _read(self, paced: Paced, at: datetime) -> Parts:
        return paced.read(at) if paced.is_due(urgent=self._urgent) else {}

    def _is_to_be_said(self, gap: Gap) -> bool:
        key, now_s = (gap.source, gap.reason), time.monotonic()
        if now_s - self._said_s.get(key, float("-inf")) < _SAY_AGAIN_S - 1:
            return False
        self._said_s[key] = now_s
        return True
