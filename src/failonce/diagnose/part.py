"""One side of a Window, summed up: the figures that causes compare, before the onset and since.

A figure is None when its source was not seen: an unknown is never a zero.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cached_property
from statistics import fmean, median

from failonce.model.snapshot import Application, Host, Session, Snapshot, Statement, Statements, TableActivity
from failonce.robust import quantile

#: An application that thinks between two statements is back within this.
_PAUSE_S = 2.0


@dataclass(frozen=True, slots=True)
class Work:
    """What one statement did: sums over its calls."""

    calls: int
    exec_ms: float
    rows: int
    blocks: int
    #: How often it was planned; 0 where that is not tracked.
    plans: int = 0
    #: Blocks of temporary files, written and read.
    temp_blocks: int = 0

    @property
    def ms_per_call(self) -> float:
        """Milliseconds a call took."""
        return self.exec_ms / self.calls

    @property
    def rows_per_call(self) -> float:
        """Rows a call returned or changed."""
        return self.rows / self.calls

    @property
    def blocks_per_call(self) -> float:
        """Blocks of 8 KiB a call touched: the work, whatever the speed of the machine."""
        return self.blocks / self.calls

    def __add__(self, other: Work) -> Work:
        return Work(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Work)))


@dataclass(frozen=True, slots=True)
class Reads:
    """How one table was read by whole scans, per second and per scan."""

    scans_per_s: float
    rows_per_s: float
    #: Scans of any kind, those by an index among them.
    all_scans_per_s: float = 0.0


class Part:
    """The snapshots of one side of the onset, and what they sum up to."""

    def __init__(self, snapshots: Sequence[Snapshot]) -> None:
        """Sum up `snapshots`; there may be none."""
        self.snapshots = snapshots

    @cached_property
    def sampled(self) -> list[tuple[Session, ...]]:
        """The client sessions of each snapshot that could read them; none where some were hidden from our role."""
        seen = (s.sessions for s in self.snapshots if s.sessions is not None and not _hides(s))
        return [tuple(one for one in sessions if one.kind == "client backend") for sessions in seen]

    @cached_property
    def load(self) -> dict[str, float]:
        """Mean number of sessions at work on each fingerprint, those that wait for a lock left out."""
        return self._mean_by(lambda s: s.fingerprint if is_working(s) else None)

    @cached_property
    def waits(self) -> dict[str, float]:
        """Mean number of active sessions by type of wait event; `CPU` when they wait for nothing."""
        return self._mean_by(lambda s: (s.wait_type or "CPU") if s.state == "active" else None)

    @property
    def active(self) -> float | None:
        """Mean number of active sessions."""
        return sum(self.waits.values()) if self.sampled else None

    @cached_property
    def stuck(self) -> dict[str, float]:
        """Mean number of sessions left idle in transaction, by the statement they ran last (`` when unknown)."""
        return self._mean_by(lambda s: (s.fingerprint or "") if is_stuck(s) else None)

    @property
    def stuck_pids(self) -> tuple[int, ...]:
        """Return who was left idle in transaction."""
        return tuple(sorted({s.pid for s in self._sessions() if is_stuck(s)}))

    @property
    def stuck_releases(self) -> Counter[str]:
        """How often a session left idle in transaction was seen under which release."""
        return Counter(s.release for s in self._sessions() if is_stuck(s) and s.release)

    @property
    def oldest_stuck_s(self) -> float:
        """The longest a session was seen idle in transaction, seconds."""
        return max((s.state_age_s or 0.0 for s in self._sessions() if is_stuck(s)), default=0.0)

    @cached_property
    def oldest_s(self) -> dict[str, float]:
        """The longest a statement was seen running, by fingerprint, seconds."""
        ages: dict[str, float] = defaultdict(float)
        for session in self._sessions():
            if session.fingerprint and is_working(session):
                ages[session.fingerprint] = max(ages[session.fingerprint], session.query_age_s or 0.0)
        return dict(ages)

    @cached_property
    def releases(self) -> dict[str, Counter[str]]:
        """How often each fingerprint was seen under which release."""
        seen: dict[str, Counter[str]] = defaultdict(Counter)
        for session in self._sessions():
            if session.fingerprint and session.release:
                seen[session.fingerprint][session.release] += 1
        return dict(seen)

    def pids(self, fingerprint: str) -> tuple[int, ...]:
        """Return who was seen at work on a fingerprint."""
        return tuple(sorted({s.pid for s in self._sessions() if s.fingerprint == fingerprint and is_working(s)}))

    @cached_property
    def statements(self) -> dict[str, Work]:
        """Each statement's finished work. A reading that reaches back before the part is used only when no other is."""
        work: dict[str, Work] = {}
        for row in (row for reading in self._readings for row in reading.rows):
            done = Work(row.calls, row.exec_ms, row.rows, row.blocks, plans=row.plans, temp_blocks=row.temp_blocks)
            work[row.fingerprint] = work[row.fingerprint] + done if row.fingerprint in work else done
        return work

    @property
    def statement_seconds(self) -> float:
        """How many seconds the statements' work is from."""
        return sum(reading.interval_s for reading in self._readings)

    @property
    def blocks_read(self) -> int:
        """Blocks that statements read from outside the buffers: from disk, or from the system's cache."""
        return sum(row.blocks_read for reading in self._readings for row in reading.rows)

    @cached_property
    def query_ids(self) -> dict[str, Counter[str]]:
        """How many calls each fingerprint had under which of the server's ids."""
        ids: dict[str, Counter[str]] = defaultdict(Counter)
        for row in (row for reading in self._readings for row in reading.rows):
            ids[row.fingerprint][row.query_id] += row.calls
        return dict(ids)

    @cached_property
    def _readings(self) -> list[Statements]:
        readings = [(s, s.statements) for s in self.snapshots if s.statements is not None]
        inside = [r for s, r in readings if self._is_inside(s, r)]
        return inside or [r for _, r in readings]

    @cached_property
    def latest(self) -> dict[str, Statement]:
        """The last row told of each statement, with its totals."""
        return {row.fingerprint: row for s in self.snapshots if s.statements for row in s.statements.rows}

    @cached_property
    def lifetime(self) -> dict[str, Work]:
        """What each statement had done before this part began, since the server started to count."""
        first: dict[str, Statement] = {}
        for row in (row for s in self.snapshots if s.statements for row in s.statements.rows):
            first.setdefault(row.fingerprint, row)
        return {key: _before(row) for key, row in first.items() if row.total_calls > row.calls}

    @property
    def started_at(self) -> datetime | None:
        """When the server was started, as it told last."""
        return next((s.server.started_at for s in reversed(self.snapshots) if s.server is not None), None)

    @property
    def deadlocks(self) -> int | None:
        """Deadlocks that the server ended."""
        told = [s.database.deadlocks for s in self.snapshots if s.database is not None]
        return sum(told) if told else None

    @cached_property
    def tables(self) -> dict[str, Reads]:
        """How each table was scanned."""
        readings = [s.tables for s in self.snapshots if s.tables is not None]
        seconds = sum(r.interval_s for r in readings)
        scans: Counter[str] = Counter()
        rows: Counter[str] = Counter()
        every: Counter[str] = Counter()
        for row in (row for reading in readings for row in reading.rows):
            scans[row.relation] += row.seq_scans
            rows[row.relation] += row.seq_rows
            every[row.relation] += row.seq_scans + row.index_scans
        return {
            name: Reads(scans[name] / seconds, rows[name] / seconds, every[name] / seconds) for name in scans if seconds
        }

    @cached_property
    def table_states(self) -> dict[str, TableActivity]:
        """The last row told of each table: how many rows are alive, dead, written since they were analyzed."""
        return {row.relation: row for s in self.snapshots if s.tables for row in s.tables.rows}

    @cached_property
    def most_dead(self) -> dict[str, TableActivity]:
        """The row of each table with the most dead rows: what vacuum removed meanwhile left its space behind."""
        most: dict[str, TableActivity] = {}
        for row in (row for s in self.snapshots if s.tables for row in s.tables.rows):
            if row.relation not in most or row.dead_rows > most[row.relation].dead_rows:
                most[row.relation] = row
        return most

    @cached_property
    def written(self) -> Counter[str]:
        """Rows inserted, updated and deleted, by table."""
        rows: Counter[str] = Counter()
        for row in (row for s in self.snapshots if s.tables for row in s.tables.rows):
            rows[row.relation] += row.rows_inserted + row.rows_updated + row.rows_deleted
        return rows

    @cached_property
    def clients(self) -> dict[str, frozenset[str]]:
        """Who was seen running each fingerprint, by application name."""
        seen: dict[str, set[str]] = defaultdict(set)
        for session in self._sessions():
            if session.fingerprint:
                seen[session.fingerprint].add(session.application)
        return {key: frozenset(names) for key, names in seen.items()}

    @cached_property
    def applications(self) -> list[Application]:
        """The application's own accounts."""
        return [s.application for s in self.snapshots if s.application is not None]

    @cached_property
    def arrivals_per_s(self) -> float | None:
        """Requests that arrived: those that finished, and the growth of those in flight."""
        seconds = sum(a.interval_s for a in self.applications)
        if not seconds:
            return None
        inside = [a.in_flight for a in self.applications if a.in_flight is not None]
        grown = inside[-1] - inside[0] if inside else 0
        return (sum(a.requests for a in self.applications) + grown) / seconds

    @cached_property
    def p95_ms(self) -> float | None:
        """95 % of the finished requests took at most so long."""
        if not self.applications:
            return None
        bounds = self.applications[-1].bounds_s
        same = [a.buckets for a in self.applications if a.bounds_s == bounds]
        seconds = quantile([sum(column) for column in zip(*same, strict=True)], bounds, 0.95)
        return None if seconds is None else 1000 * seconds

    @cached_property
    def failing(self) -> float | None:
        """The share of the finished requests that failed."""
        requests = sum(a.requests for a in self.applications)
        return sum(a.errors for a in self.applications) / requests if requests else None

    @property
    def in_flight(self) -> float | None:
        """Mean number of requests inside the application."""
        return self._mean_gauge(lambda a: a.in_flight)

    @property
    def pool_in_use(self) -> float | None:
        """Mean number of pool connections in use."""
        return self._mean_gauge(lambda a: a.pool_in_use)

    @property
    def pool_waiting(self) -> float | None:
        """Mean number of requests waiting for a connection."""
        return self._mean_gauge(lambda a: a.pool_waiting)

    @property
    def pool_size(self) -> int | None:
        """Connections the pool may open."""
        return next((a.pool_size for a in reversed(self.applications) if a.pool_size is not None), None)

    @property
    def elsewhere(self) -> float | None:
        """Mean number of requests that neither held nor awaited a connection: the application's own time."""
        if self.in_flight is None or self.pool_in_use is None:
            return None
        # Means of counts: what is less than a millionth of a request is the arithmetic's.
        return max(0.0, round(self.in_flight - self.pool_in_use - (self.pool_waiting or 0.0), 6))

    @cached_property
    def probe_ms(self) -> float | None:
        """Median round trip of `SELECT 1`; one that never came back counts as the longest possible."""
        return median(self._trips_ms) if self._trips_ms else None

    @property
    def quickest_probe_ms(self) -> float | None:
        """The shortest round trip of `SELECT 1`: what the way takes when nothing else is in front."""
        return min(self._trips_ms, default=None)

    @cached_property
    def _trips_ms(self) -> list[float]:
        trips = [s.probe.round_trip_ms for s in self.snapshots if s.probe is not None]
        return [float("inf") if t is None else t for t in trips]

    def application_cpu(self) -> float | None:
        """Return the application's processor time, in cores."""
        known = [(a.cpu_s, a.interval_s) for a in self.applications if a.cpu_s is not None]
        seconds = sum(interval for _, interval in known)
        return sum(cpu for cpu, _ in known) / seconds if seconds else None

    def host(self, share: Callable[[Host], float | None]) -> float | None:
        """Return the mean of one of the host's shares."""
        values = [share(s.host) for s in self.snapshots if s.host is not None]
        known = [v for v in values if v is not None]
        return fmean(known) if known else None

    def _sessions(self) -> Iterable[Session]:
        return (session for sample in self.sampled for session in sample)

    def _mean_by(self, key: Callable[[Session], str | None]) -> dict[str, float]:
        counts = Counter(k for s in self._sessions() if (k := key(s)) is not None)
        return {k: n / len(self.sampled) for k, n in counts.items()}

    def _mean_gauge(self, gauge: Callable[[Application], int | None]) -> float | None:
        known = [v for a in self.applications if (v := gauge(a)) is not None]
        return fmean(known) if known else None

    def _is_inside(self, snapshot: Snapshot, reading: Statements) -> bool:
        slack = timedelta(seconds=1)
        return snapshot.at - timedelta(seconds=reading.interval_s) >= self.snapshots[0].at - slack


def is_working(session: Session) -> bool:
    """Tell whether a session is at work in the server: active, and not queueing for a lock."""
    return session.state == "active" and session.wait_type != "Lock"


def is_stuck(session: Session) -> bool:
    """Tell whether a session sits in an open transaction, longer than the pause between two statements."""
    return session.state.startswith("idle in transaction") and (session.state_age_s or 0.0) >= _PAUSE_S


def _hides(snapshot: Snapshot) -> bool:
    return snapshot.connections is not None and snapshot.connections.hidden > 0


def _before(row: Statement) -> Work:
    return Work(
        row.total_calls - row.calls,
        row.total_exec_ms - row.exec_ms,
        row.total_rows - row.rows,
        row.total_blocks - row.blocks,
    )
