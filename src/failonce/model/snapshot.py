"""What was seen in one instant.

A Snapshot has one part per source of facts. A part is None when its source was not read at this tick
(slow sources are read less often) or could not be seen (then a Gap says why). Counters are differences
since the source's previous reading, spread over `interval_s` seconds; texts are normalised, never literal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from failonce.model.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Gap:
    """What could not be seen, why, what that costs, and what to do about it."""

    #: The source that could not be read: `statements`, `application`, `host`, ...
    source: str
    reason: str
    impact: str
    hint: str


@dataclass(frozen=True, slots=True)
class Session:
    """One backend that was not idle, or that blocked another although it was (source: pg_stat_activity)."""

    pid: int
    #: `client backend` or `parallel worker`.
    kind: str
    user: str
    application: str
    #: `active`, `idle in transaction`, `idle in transaction (aborted)`, ...
    state: str
    wait_type: str | None = None
    wait_event: str | None = None
    query_id: str | None = None
    #: Fingerprint of the running statement (of the last one when idle in transaction).
    fingerprint: str | None = None
    #: Tags of the leading sqlcommenter comment.
    route: str | None = None
    release: str | None = None
    query_age_s: float | None = None
    transaction_age_s: float | None = None
    state_age_s: float | None = None
    #: How many transactions began since the oldest one whose rows this session may still see: vacuum stops there.
    horizon_age: int | None = None
    #: Pids that hold what this session waits for (source: pg_blocking_pids, asked for waiters only).
    blocked_by: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ConnectionGroup:
    """The client connections of one user's application."""

    user: str
    application: str
    total: int
    idle: int
    #: Those opened in the last two seconds.
    young: int


@dataclass(frozen=True, slots=True)
class Connections:
    """How many client connections there are (source: pg_stat_activity, max_connections)."""

    total: int
    idle: int
    limit: int
    #: Those whose activity our role may not see: what is not seen of them rules nothing out.
    hidden: int = 0
    #: Whose they are, the most numerous first.
    groups: tuple[ConnectionGroup, ...] = ()
    #: How many of the limit are kept back for superusers and for those who may use reserved ones.
    reserved: int = 0


@dataclass(frozen=True, slots=True)
class IdleGroup:
    """Connections idle outside a transaction for two seconds and more, by whose they are and what they ran last."""

    user: str
    application: str
    release: str | None
    fingerprint: str | None
    sessions: int
    oldest_s: float


@dataclass(frozen=True, slots=True)
class LockWait:
    """A lock somebody waits for (source: pg_locks, asked only when a session waits)."""

    pid: int
    lock_type: str
    mode: str
    relation: str | None = None


@dataclass(frozen=True, slots=True)
class PreparedTransaction:
    """A transaction that belongs to no session any more (source: pg_prepared_xacts, asked when it blocks somebody)."""

    gid: str
    owner: str
    age_s: float


@dataclass(frozen=True, slots=True)
class Statement:
    """The work of one statement since the previous reading (source: pg_stat_statements)."""

    fingerprint: str
    query_id: str
    calls: int
    exec_ms: float
    rows: int
    #: Shared blocks of 8 KiB touched, from cache or not.
    blocks: int
    blocks_read: int
    temp_blocks: int
    #: The same since the server began to count: a baseline for a database never seen before.
    total_calls: int
    total_exec_ms: float
    total_rows: int
    total_blocks: int
    #: When this statement was first seen; None when it was there before we looked.
    first_seen_at: datetime | None = None
    #: How often it was planned; 0 unless pg_stat_statements.track_planning is on.
    plans: int = 0


@dataclass(frozen=True, slots=True)
class Statements:
    """All statements that did any work since the previous reading."""

    interval_s: float
    rows: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """The normalised text behind a fingerprint, told once."""

    fingerprint: str
    text: str


@dataclass(frozen=True, slots=True)
class TableActivity:
    """How one table was read and written since the previous reading (source: pg_stat_user_tables)."""

    relation: str
    seq_scans: int
    seq_rows: int
    index_scans: int
    rows_inserted: int
    rows_updated: int
    rows_deleted: int
    dead_rows: int
    vacuums: int
    analyzes: int
    #: Rows the server believes to be alive, and rows written since statistics were last gathered.
    live_rows: int | None = None
    modified_rows: int | None = None


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables that were read or written since the previous reading."""

    interval_s: float
    rows: tuple[TableActivity, ...]


@dataclass(frozen=True, slots=True)
class DatabaseActivity:
    """The database's counters since the previous reading (source: pg_stat_database)."""

    interval_s: float
    commits: int
    rollbacks: int
    deadlocks: int
    temp_bytes: int
    blocks_hit: int
    blocks_read: int
    #: Connections that were opened.
    sessions: int = 0


@dataclass(frozen=True, slots=True)
class Task:
    """Maintenance or a backup under way (source: pg_stat_progress_*)."""

    pid: int
    #: `vacuum`, `analyze`, `create index`, `cluster`, `base backup` or `copy`.
    kind: str
    relation: str | None = None
    #: Begun by autovacuum and not by somebody.
    is_automatic: bool = False


@dataclass(frozen=True, slots=True)
class Standby:
    """A standby that commits may wait for, connected now (source: pg_stat_replication)."""

    name: str
    #: `streaming`, `catchup`, ...
    state: str
    #: What it lacks of the WAL that is safe here; None where it does not tell.
    missing_bytes: int | None
    #: What it has on its disk and has not replayed.
    unreplayed_bytes: int | None
    #: How far it has replayed, as `0/5A3F210`.
    replay_lsn: str | None


@dataclass(frozen=True, slots=True)
class Server:
    """The server as a whole; counts are since the previous reading (source: pg_stat_checkpointer, pg_stat_wal, ...)."""

    interval_s: float
    started_at: datetime
    #: Checkpoints because max_wal_size was written full (or somebody asked), and because it was time.
    checkpoints_requested: int
    checkpoints_timed: int
    wal_bytes: int
    #: Sessions of this database that were ended by an operator, by an error or by the loss of their client.
    sessions_ended: int
    tasks: tuple[Task, ...] = ()
    #: Standbys that commits may wait for, connected now; None where that was not asked.
    synchronous_standbys: int | None = None
    #: The same, one by one.
    standbys: tuple[Standby, ...] = ()


@dataclass(frozen=True, slots=True)
class ServerError:
    """Errors of one kind that the server reported to one statement."""

    #: Five characters (the manual's appendix A); None when the log tells no code and the message is not known.
    sqlstate: str | None
    count: int
    #: The table, sequence or schema the message names.
    subject: str | None = None
    fingerprint: str | None = None
    #: Tags of the statement's leading sqlcommenter comment.
    route: str | None = None
    release: str | None = None


@dataclass(frozen=True, slots=True)
class ServerErrors:
    """The errors since the previous reading (source: the server's log)."""

    interval_s: float
    rows: tuple[ServerError, ...]


@dataclass(frozen=True, slots=True)
class RouteActivity:
    """One route's finished requests since the previous scrape."""

    route: str
    requests: int
    errors: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Application:
    """The application as its Prometheus endpoint tells it, since the previous scrape."""

    interval_s: float
    requests: int
    #: Answers with status 5xx.
    errors: int
    #: Upper bounds of the latency histogram, seconds, the last one +inf; and requests per bucket (not cumulative).
    bounds_s: tuple[float, ...]
    buckets: tuple[int, ...]
    routes: tuple[RouteActivity, ...] = ()
    in_flight: int | None = None
    pool_size: int | None = None
    pool_in_use: int | None = None
    pool_waiting: int | None = None
    release: str | None = None
    #: Processor time its process took, seconds of one core.
    cpu_s: float | None = None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A program on the database's machine that is not PostgreSQL, all its processes together."""

    name: str
    #: Its share of all cores, 0..1.
    cpu: float


@dataclass(frozen=True, slots=True)
class Host:
    """The machine the database runs on, since the previous reading (source: psutil). Shares are 0..1 of all cores."""

    interval_s: float
    cores: int
    cpu_busy: float
    cpu_iowait: float
    cpu_steal: float
    #: CPU of PostgreSQL's processes; None when they cannot be told apart.
    cpu_database: float | None
    memory_available_bytes: int
    disk_read_bytes: int
    disk_written_bytes: int
    #: Of the file system that holds the data directory.
    disk_free_bytes: int | None = None
    disk_total_bytes: int | None = None
    #: The programs that take most of the processors; looked for while something is wrong.
    neighbours: tuple[Neighbour, ...] = ()


@dataclass(frozen=True, slots=True)
class Probe:
    """One `SELECT 1` on an open connection, there and back; None when it did not come back in time."""

    round_trip_ms: float | None


@dataclass(frozen=True, slots=True)
class ReleaseEvent:
    """A release of the application became known."""

    release: str
    at: datetime
    #: `announced` (failonce release), `metrics` (the application says so) or `samples` (tags of its statements).
    source: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that was seen at one tick."""

    at: datetime
    sessions: tuple[Session, ...] | None = None
    connections: Connections | None = None
    idle: tuple[IdleGroup, ...] | None = None
    lock_waits: tuple[LockWait, ...] = ()
    prepared: tuple[PreparedTransaction, ...] = ()
    statements: Statements | None = None
    queries: tuple[Query, ...] = ()
    tables: Tables | None = None
    database: DatabaseActivity | None = None
    catalog: Catalog | None = None
    application: Application | None = None
    host: Host | None = None
    probe: Probe | None = None
    server: Server | None = None
    errors: ServerErrors | None = None
    releases: tuple[ReleaseEvent, ...] = ()
    gaps: tuple[Gap, ...] = ()
