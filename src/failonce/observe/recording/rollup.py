"""Rolling up: several snapshots become one that tells their interval.

What was counted is summed, what was sampled is the last sample, what was told or went unseen is kept. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, TypeVar

from failonce.model.snapshot import (
    Application,
    DatabaseActivity,
    Host,
    RouteActivity,
    Server,
    ServerError,
    ServerErrors,
    Snapshot,
    Statement,
    Statements,
    TableActivity,
    Tables,
)

T = TypeVar("T")


def roll_up(snapshots: Iterable[Snapshot], interval_s: int) -> Iterator[Snapshot]:
    """Return one snapshot per interval of the clock (:00, :10, ...), at the instant of the last one in it."""
    for _, group in groupby(snapshots, key=lambda snapshot: snapshot.at.timestamp() // interval_s):
        yield merge(list(group))


def merge(snapshots: Sequence[Snapshot]) -> Snapshot:
    """Return the one snapshot that stands for several in a row."""
    sampled = [s for s in snapshots if s.sessions is not None] or snapshots
    return Snapshot(
        at=snapshots[-1].at,
        sessions=sampled[-1].sessions,
        connections=_last(s.connections for s in snapshots),
        idle=_last(s.idle for s in snapshots),
        lock_waits=sampled[-1].lock_waits,
        prepared=sampled[-1].prepared,
        statements=_merged(_statements, (s.statements for s in snapshots)),
        queries=_once(query for s in snapshots for query in s.queries),
        tables=_merged(_tables, (s.tables for s in snapshots)),
        database=_merged(_database, (s.database for s in snapshots)),
        catalog=_last(s.catalog for s in snapshots),
        application=_merged(_application, (s.application for s in snapshots)),
        host=_merged(_host, (s.host for s in snapshots)),
        probe=_last(s.probe for s in snapshots),
        server=_merged(_server, (s.server for s in snapshots)),
        errors=_merged(_errors, (s.errors for s in snapshots)),
        releases=_once(release for s in snapshots for release in s.releases),
        gaps=_once(gap for s in snapshots for gap in s.gaps),
    )


def _last(parts: Iterable[T | None]) -> T | None:
    present = [part for part in parts if part is not None]
    return present[-1] if present else None


def _once(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))


def _merged(merge_readings: Callable[[list[T]], T], parts: Iterable[T | None]) -> T | None:
    readings = [part for part in parts if part is not None]
    return merge_readings(readings) if readings else None


def _summed(readings: Sequence[T], *fields: str) -> T:
    """Return the last reading, with the named fields summed over all of them."""
    sums: dict[str, Any] = {field: sum(getattr(reading, field) for reading in readings) for field in fields}
    return replace(readings[-1], **sums)  # type: ignore[type-var]


def _summed_by(key: Callable[[T], object], rows: Iterable[T], *fields: str) -> tuple[T, ...]:
    """Return one row per key, in the order of their first appearance."""
    groups: dict[object, list[T]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return tuple(_summed(group, *fields) for group in groups.values())


def _statements(readings: list[Statements]) -> Statements:
    def key(row: Statement) -> object:
        return row.fingerprint, row.query_id

    counted = ("calls", "exec_ms", "rows", "blocks", "blocks_read", "temp_blocks")
    rows = _summed_by(key, (row for reading in readings for row in reading.rows), *counted)
    return replace(_summed(readings, "interval_s"), rows=rows)


def _tables(readings: list[Tables]) -> Tables:
    def key(row: TableActivity) -> object:
        return row.relation

    # dead_rows is how many there are, not how many came.
    counted = "seq_scans seq_rows index_scans rows_inserted rows_updated rows_deleted vacuums analyzes".split()
    rows = _summed_by(key, (row for reading in readings for row in reading.rows), *counted)
    return replace(_summed(readings, "interval_s"), rows=rows)


def _database(readings: list[DatabaseActivity]) -> DatabaseActivity:
    counted = "interval_s commits rollbacks deadlocks temp_bytes blocks_hit blocks_read sessions".split()
    return _summed(readings, *counted)


def _application(readings: list[Application]) -> Application:
    # A release may bring other bounds; histograms add up only between equal ones.
    alike = [reading for reading in readings if reading.bounds_s == readings[-1].bounds_s]

    def key(row: RouteActivity) -> object:
        return row.route

    routes = _summed_by(key, (row for reading in alike for row in reading.routes), "requests", "errors", "seconds")
    buckets = tuple(map(sum, zip(*(reading.buckets for reading in alike), strict=True)))
    cpu = [reading.cpu_s for reading in alike if reading.cpu_s is not None]
    whole = _summed(alike, "interval_s", "requests", "errors")
    return replace(whole, buckets=buckets, routes=routes, cpu_s=sum(cpu) if cpu else None)


def _server(readings: list[Server]) -> Server:
    counted = "interval_s checkpoints_requested checkpoints_timed wal_bytes sessions_ended".split()
    return replace(_summed(readings, *counted), tasks=_once(task for reading in readings for task in reading.tasks))


def _errors(readings: list[ServerErrors]) -> ServerErrors:
    def key(row: ServerError) -> object:
        return replace(row, count=0)

    rows = _summed_by(key, (row for reading in readings for row in reading.rows), "count")
    return replace(_summed(readings, "interval_s"), rows=rows)


def _host(readings: list[Host]) -> Host:
    database = [reading for reading in readings if reading.cpu_database is not None]
    return replace(
        _summed(readings, "interval_s", "disk_read_bytes", "disk_written_bytes"),
        cpu_busy=_mean(readings, "cpu_busy"),
        cpu_iowait=_mean(readings, "cpu_iowait"),
        cpu_steal=_mean(readings, "cpu_steal"),
        cpu_database=_mean(database, "cpu_database") if database else None,
        neighbours=next((reading.neighbours for reading in reversed(readings) if reading.neighbours), ()),
    )


def _mean(readings: Sequence[Host], field: str) -> float:
    """Return a share's mean, each reading weighted by its interval."""
    weighted: float = sum(getattr(reading, field) * reading.interval_s for reading in readings)
    return weighted / (sum(reading.interval_s for reading in readings) or 1.0)
