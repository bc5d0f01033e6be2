"""The whole observer on a real server: what a snapshot holds, when, and that nothing delays it."""

import os
import signal
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import psycopg
import pytest

from failonce.model.catalog import Index
from failonce.model.snapshot import ReleaseEvent
from failonce.observe.observer import Observer


def test_the_first_snapshot_holds_all_that_needs_no_difference(observe):
    before = datetime.now(UTC)
    snapshot = observe().snapshot()
    assert before <= snapshot.at <= datetime.now(UTC)
    assert snapshot.sessions == ()
    assert snapshot.connections.limit == 50
    assert 0 < snapshot.probe.round_trip_ms < 2000
    assert snapshot.catalog.server_version >= 140000
    assert (snapshot.statements, snapshot.tables, snapshot.database, snapshot.host) == (None, None, None, None)
    assert {gap.source for gap in snapshot.gaps} == {"application", "host", "errors"}


def test_every_gap_says_reason_impact_and_hint_and_is_said_once(observe):
    observer = observe()
    gaps = observer.snapshot().gaps
    assert all((gap.reason, gap.impact, gap.hint) for gap in gaps)
    assert observer.snapshot().gaps == ()


def test_tables_and_database_are_told_as_differences(observe, sql):
    sql.execute("create table recipes (id int primary key, name text)")
    observer = observe()
    observer.snapshot()
    sql.execute("insert into recipes select n, 'x' from generate_series(1, 10) as n")
    sql.execute("update recipes set name = 'y' where id = 1")
    sql.execute("delete from recipes where id = 2")
    # A busy backend reports its counters at most once a second.
    sql.execute("select pg_stat_force_next_flush()" if sql.info.server_version >= 150000 else "select 1")
    observer.hasten(True)
    snapshot = observer.snapshot()
    (recipes,) = snapshot.tables.rows
    assert (recipes.relation, recipes.rows_inserted, recipes.rows_updated, recipes.rows_deleted) == (
        "recipes",
        10,
        1,
        1,
    )
    assert (recipes.dead_rows, recipes.live_rows, recipes.modified_rows) == (2, 9, 12)
    assert snapshot.database.commits >= 3
    assert snapshot.database.interval_s > 0


def test_the_catalog_is_told_when_it_changed(observe, sql):
    sql.execute("create table recipes (id int primary key, name text)")
    sql.execute("insert into recipes select n, 'x' from generate_series(1, 2000) as n")
    sql.execute("create index recipes_name on recipes (name)")
    sql.execute("analyze recipes")
    observer = observe()
    first = observer.snapshot().catalog
    (recipes,) = first.relations
    assert (recipes.name, recipes.rows) == ("recipes", 2000)
    assert recipes.bytes > 8192
    definition = "CREATE INDEX recipes_name ON public.recipes USING btree (name)"
    by_name = next(index for index in first.indexes if index.name == "recipes_name")
    assert 8192 < by_name.bytes < recipes.bytes
    assert replace(by_name, bytes=None) == Index("recipes_name", "recipes", definition, True, False, entries=2000)
    assert {"work_mem", "random_page_cost", "max_connections", "deadlock_timeout"} <= {s.name for s in first.settings}
    observer.hasten(True)
    assert observer.snapshot().catalog is None
    sql.execute("drop index recipes_name")
    observer.hasten(False)
    observer.hasten(True)
    assert [index.name for index in observer.snapshot().catalog.indexes] == ["recipes_pkey"]


def test_an_index_is_told_again_once_it_was_used(observe, sql):
    sql.execute("create table recipes (id int, name text)")
    sql.execute("create index recipes_id on recipes (id)")
    sql.execute("create index recipes_name on recipes (name)")
    observer = observe()
    assert {index.used for index in observer.snapshot().catalog.indexes} == {False}
    sql.execute("set enable_seqscan = off")
    sql.execute("select * from recipes where name = 'soup'")
    sql.execute("select pg_stat_force_next_flush()")
    observer.hasten(True)
    assert [index.name for index in observer.snapshot().catalog.indexes if index.used] == ["recipes_name"]


def test_slow_sources_are_read_now_and_then_and_at_once_when_hastened(observe, sql):
    observer = observe()
    observer.snapshot()
    assert observer.snapshot().statements is None
    observer.hasten(True)
    assert observer.snapshot().statements is not None
    assert observer.snapshot().statements is None


def test_releases_are_told_once_wherever_they_come_from(observe, database):
    now = datetime.now(UTC)
    announced = [ReleaseEvent("v41", now - timedelta(minutes=5), "announced")]
    observer = observe(announced=lambda since: [event for event in announced if event.at >= since])
    with psycopg.connect(database) as session:
        session.execute("/*release='v42'*/ select 1")
        first = observer.snapshot()
        announced.append(ReleaseEvent("v43", datetime.now(UTC), "announced"))
        second = observer.snapshot()
        third = observer.snapshot()
    assert first.releases == (announced[0], ReleaseEvent("v42", first.at, "samples"))
    assert second.releases == (announced[1],)
    assert third.releases == ()


def test_ticks_keep_their_schedule_and_missed_ones_are_not_made_up(observe):
    observer, stop, at = observe(period_s=0.2), threading.Event(), []
    for snapshot in observer.snapshots(stop):
        at.append(snapshot.at)
        if len(at) == 2:
            stop.wait(0.5)
        if len(at) == 5:
            stop.set()
    steps = [(later - earlier) / timedelta(seconds=0.2) for earlier, later in pairwise(at)]
    assert all(step > 0.5 for step in steps)
    assert max(steps) == steps[1] >= 2.5


def test_a_server_that_hangs_delays_no_tick(observe, postgres):
    observer = observe(period_s=0.3)
    observer.snapshot()
    backends = [observer._connection.backend_pid, observer._probing.backend_pid]
    for pid in backends:
        os.kill(pid, signal.SIGSTOP)
    try:
        stuck = []
        began_s = time.monotonic()
        while time.monotonic() - began_s < 2.6:
            tick_s = time.monotonic()
            stuck.append(observer.snapshot())
            assert time.monotonic() - tick_s < 0.6
    finally:
        for pid in backends:
            os.kill(pid, signal.SIGCONT)
    assert [gap.reason for snapshot in stuck for gap in snapshot.gaps] == [
        "the database has not answered for two seconds"
    ]
    assert stuck[0].probe is None
    assert stuck[-1].probe.round_trip_ms is None
    observer.snapshot()
    while observer.snapshot().sessions is None:
        pass


@pytest.mark.acceptance
def test_a_busy_server_is_watched_every_second(watcher, database, observe):
    """Twenty backends that do nothing but compute, on however few cores there are."""
    observer: Observer = observe(local=True)
    sessions = [psycopg.connect(database) for _ in range(20)]
    for session in sessions:
        session.pgconn.send_query(b"select count(*) from generate_series(1, 1000000000)")
    stop, taken_s, snapshots = threading.Event(), [], []
    for snapshot in observer.snapshots(stop):
        taken_s.append((datetime.now(UTC) - snapshot.at).total_seconds())
        snapshots.append(snapshot)
        if len(snapshots) == 15:
            stop.set()
    for session in sessions:
        session.cancel()
        session.close()
    assert max(taken_s) < 1.0
    assert sum(snapshot.sessions is not None for snapshot in snapshots) >= 12
    assert max(len(snapshot.sessions or ()) for snapshot in snapshots) == 20
    assert max(snapshot.host.cpu_database or 0 for snapshot in snapshots if snapshot.host) > 0.3
