"""The twin: a private server with production's schema, statistics and sizes but none of its rows, to ask what if.

Its planner sees what production's sees, so a fix is proved without load, privileges or a new index in production.
It plans statements and runs none; DDL to try runs in a transaction that is rolled back, on tables without rows.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from failonce.lab.binaries import find_binaries
from failonce.lab.server import PrivateServer, private_server
from failonce.lab.twin import build
from failonce.lab.twin.pull import pull
from failonce.lab.twin.session import Session, connect
from failonce.lab.twin.trial import trial
from failonce.lab.twin.weighing import Weighing, weighing
from failonce.model.blueprint import Blueprint
from failonce.model.remedy import PlanSummary
from failonce.model.snapshot import Gap

__all__ = ["OLDEST_MAJOR", "Twin", "twin", "up"]

#: The server takes planner statistics from this version on.
OLDEST_MAJOR = 18

_SETTINGS = {
    # Nothing may correct the sizes and statistics, and none of production's own code may run.
    "autovacuum": "off",
    "event_triggers": "off",
    "shared_preload_libraries": "",
    "shared_buffers": "16MB",
    "max_connections": "20",
    "min_wal_size": "2MB",
    "max_wal_size": "2MB",
    "wal_recycle": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # Else commit reads new relations into its buffers to log them, and first pages written by others go unseen.
    "wal_skip_threshold": "0",
}
#: A state, a kind, a flag.
_FEW = 12
_PARENTS = """
select i.inhrelid::regclass::text, pg_partition_root(i.inhrelid)::regclass::text from pg_inherits i
  join pg_class c on c.oid = i.inhrelid where c.relispartition and c.relkind in ('r', 'p')
"""
# Small, also while initdb runs, whose checkpoint would leave log segments for use later; and a first page may be
# written by others than the server.
CLUSTER = ("--wal-segsize=1", "--no-data-checksums", "--set", "wal_recycle=off", "--set", "min_wal_size=2MB")
#: A locale that every system has, of the C library and not in the order of bytes: LIKE needs an operator class there.
OTHER_THAN_C = "C.UTF-8"


@dataclass(slots=True)
class Twin:
    """A running twin: a Planner. It answers one question at a time, whichever thread asks."""

    server: PrivateServer
    blueprint: Blueprint
    #: What of production the twin could not be given.
    gaps: tuple[Gap, ...]
    #: Of the role that owns the twin and may nothing else.
    password: str = field(repr=False)
    where: str = "twin"
    _session: Session | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def plan(self, query: str, ddl: Sequence[str] = ()) -> PlanSummary:
        """Plan a statement, with `?` or `$1` for its values or with values, as if this DDL had been run."""
        with self.trial(ddl) as session:
            return session.plan(query)

    def explain(self, query: str, ddl: Sequence[str] = (), *, verbose: bool = False) -> dict[str, Any]:
        """Return the plan as EXPLAIN (FORMAT JSON) gives it: the object under "Plan"."""
        with self.trial(ddl) as session:
            return session.explain(query, verbose=verbose)

    @contextmanager
    def trial(self, ddl: Sequence[str] = ()) -> Iterator[Session]:
        """Open a session in which this DDL has been run, to plan several statements; nothing of it stays.

        CONCURRENTLY is left out: it cannot run in a transaction, and here nobody else is to be spared.
        """
        with self._lock:
            if not ddl:
                if self._session is None:
                    self._session = connect(self.server, self.password, self.blueprint)
                yield self._session
                return
            with trial(self.server, self.password, self.blueprint, ddl) as session:
                yield session

    @property
    def parents(self) -> Mapping[str, str]:
        """Each partition with the table at the top, whose indexes it gets."""
        with self.trial() as session:
            return dict(session.connection.execute(_PARENTS).fetchall())

    @property
    def few_valued(self) -> frozenset[str]:
        """Columns, such as `orders.state`, that have a handful of values."""
        few = [c for c in self.blueprint.columns if 0 < c.distinct <= _FEW]
        return frozenset(f"{c.schema}.{c.relation}.{c.column}".removeprefix("public.") for c in few)

    @contextmanager
    def weigh(self, statements: Mapping[str, Sequence[str]], ddl: Sequence[str] = ()) -> Iterator[Weighing]:
        """Build CREATE INDEX statements, each after those it needs first, to show any of them to the planner."""
        with self._lock, weighing(self, statements, ddl) as found:
            yield found

    @property
    def dsn(self) -> str:
        """The connection string of the twin's owner."""
        return self.server.dsn(user=build.OWNER, password=self.password)

    def close(self) -> None:
        """End the session; the server ends with its block."""
        if self._session is not None:
            self._session.connection.close()


@contextmanager
def twin(operator_dsn: str, relations: Sequence[str], *, bin_dir: Path | None = None) -> Iterator[Twin]:
    """Run a twin of these relations of production, and of what they are made of, while the block runs.

    The statistics hold production's values: they live in the private server's closed directory, and go with it.
    """
    bin_dir = bin_dir or find_binaries(major=OLDEST_MAJOR)
    with up(pull(operator_dsn, relations), bin_dir=bin_dir) as running:
        yield running


@contextmanager
def up(blueprint: Blueprint, *, bin_dir: Path | None = None) -> Iterator[Twin]:
    """Run a blueprint's twin while the block runs."""
    locale = "C" if blueprint.c_collation else OTHER_THAN_C
    bin_dir = bin_dir or find_binaries(major=OLDEST_MAJOR)
    options = (*CLUSTER, f"--locale={locale}")
    password = secrets.token_urlsafe(18)
    with private_server(settings=_SETTINGS, bin_dir=bin_dir, initdb=options) as server:
        gaps = build.prepare(server, blueprint, password)
        with connect(server, password, blueprint).connection as owner:
            refused = build.create(owner, blueprint.objects)
            gaps += build.fill(server, owner, blueprint)
        gaps += build.not_carried(refused, blueprint)
        running = Twin(server, blueprint, tuple(gaps), password)
        try:
            yield running
        finally:
            running.close()
