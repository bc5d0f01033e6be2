"""Statement statistics as differences, on a real server."""

import threading
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from failonce import sqltext
from failonce.lab.server import private_server
from failonce.model.target import Target
from failonce.observe.connection import Connection
from failonce.observe.fingerprints import Fingerprints
from failonce.observe.observer import Observer
from failonce.observe.source import Unseen
from failonce.observe.statements import StatementStatistics

SELECT = "select name from recipes where id = 5"


@pytest.fixture
def recipes(sql):
    sql.execute("create table recipes (id int, name text)")
    sql.execute("insert into recipes select n, 'recipe ' || n from generate_series(1, 1000) as n")


@pytest.fixture
def fingerprints():
    return Fingerprints()


@pytest.fixture
def statistics(watcher, fingerprints):
    connection = Connection(watcher)
    connection.open()
    yield StatementStatistics(connection, fingerprints)
    connection.close()


@pytest.fixture
def clock():
    start = datetime(2026, 9, 14, tzinfo=UTC)
    return [start + timedelta(seconds=10 * n) for n in range(10)]


def row_of(parts, statement):
    rows = [row for row in parts["statements"].rows if row.fingerprint == sqltext.fingerprint(statement)]
    return rows[0] if rows else None


def test_the_first_reading_remembers_and_the_second_tells_the_difference(statistics, recipes, sql, clock):
    for _ in range(3):
        sql.execute(SELECT)
    assert "statements" not in statistics.read(clock[0])
    for _ in range(2):
        sql.execute(SELECT)
    parts = statistics.read(clock[1])
    row = row_of(parts, SELECT)
    assert (row.calls, row.rows, row.total_calls, row.total_rows) == (2, 2, 5, 5)
    assert 0 < row.exec_ms < row.total_exec_ms
    assert 0 < row.blocks < row.total_blocks
    assert row.first_seen_at is None
    assert 0 < parts["statements"].interval_s < 60


def test_a_statement_that_was_planned_and_not_yet_run_is_not_told(statistics, recipes, sql, database, clock):
    """Planning is counted first: a statement that is under way has a plan and no call."""
    sql.execute("set pg_stat_statements.track_planning = on")
    statistics.read(clock[0])
    with psycopg.connect(database) as holder:
        holder.execute("select pg_advisory_lock(5)")
        waiting = threading.Thread(target=sql.execute, args=["select pg_advisory_lock(5), count(*) from recipes"])
        waiting.start()
        while not holder.execute("select count(*) from pg_locks where not granted").fetchone()[0]:
            pass
        told = [row.calls for row in statistics.read(clock[1])["statements"].rows]
        assert 0 not in told
        holder.execute("select pg_advisory_unlock(5)")
        waiting.join()
    (row,) = [r for r in statistics.read(clock[2])["statements"].rows if r.plans]
    assert (row.calls, row.plans) == (1, 1)


def test_a_statement_that_comes_later_is_new_since_then(statistics, recipes, sql, clock):
    statistics.read(clock[0])
    sql.execute(SELECT)
    assert row_of(statistics.read(clock[1]), SELECT).first_seen_at == clock[1]
    sql.execute(SELECT)
    assert row_of(statistics.read(clock[2]), SELECT).first_seen_at == clock[1]
    assert row_of(statistics.read(clock[3]), SELECT) is None


def test_after_a_reset_nothing_is_negative_huge_or_new(statistics, recipes, sql, clock):
    for _ in range(5):
        sql.execute(SELECT)
    statistics.read(clock[0])
    sql.execute("select pg_stat_statements_reset()")
    sql.execute(SELECT)
    assert "statements" not in statistics.read(clock[1])
    sql.execute(SELECT)
    row = row_of(statistics.read(clock[2]), SELECT)
    assert (row.calls, row.total_calls, row.first_seen_at) == (1, 2, None)


def test_one_entry_reset_by_somebody_starts_over(statistics, fingerprints, recipes, sql, clock):
    for _ in range(5):
        sql.execute(SELECT)
    statistics.read(clock[0])
    (query_id,) = [i for i, f in fingerprints._by_id.items() if f == sqltext.fingerprint(SELECT)]
    sql.execute("select pg_stat_statements_reset(0, 0, %s::bigint)", [query_id])
    sql.execute(SELECT)
    assert row_of(statistics.read(clock[1]), SELECT) is None
    sql.execute(SELECT)
    row = row_of(statistics.read(clock[2]), SELECT)
    assert (row.calls, row.total_calls, row.first_seen_at) == (1, 2, None)


def test_lists_of_another_length_are_no_new_statement(statistics, recipes, sql, clock):
    sql.execute("select name from recipes where id in (1, 2)")
    statistics.read(clock[0])
    longer = "select name from recipes where id in (1, 2, 3, 4, 5)"
    sql.execute(longer)
    assert row_of(statistics.read(clock[1]), longer).first_seen_at is None


def test_the_users_of_a_statement_are_told_together(statistics, database, recipes, sql, clock):
    sql.execute("grant select on recipes to outsider")
    statistics.read(clock[0])
    sql.execute(SELECT)
    with psycopg.connect(database, user="outsider", password="outside") as other:
        other.execute(SELECT)
    assert row_of(statistics.read(clock[1]), SELECT).calls == 2


def test_what_we_run_ourselves_is_not_told(observe, recipes, sql):
    observer = observe()
    observer.hasten(True)
    observer.snapshot()
    observer.hasten(False)
    observer.hasten(True)
    sql.execute(SELECT)
    snapshot = observer.snapshot()
    told = [query.text for query in snapshot.queries]
    assert "select name from recipes where id = ?" in told
    assert not [text for text in told if "pg_stat" in text or "pg_locks" in text or "pg_index" in text]
    assert {row.fingerprint for row in snapshot.statements.rows} <= {query.fingerprint for query in snapshot.queries}


def test_the_whole_text_replaces_one_that_was_cut(watcher, database, recipes, sql):
    long = f"select name{', id' * 400} from recipes where id = 5"
    observer = Observer(Target("test", watcher))
    with psycopg.connect(database) as session:
        session.execute(long)
        (cut,) = observer.snapshot().sessions
        observer.hasten(True)
        (whole,) = observer.snapshot().sessions
    observer.close()
    assert cut.query_id == whole.query_id
    assert whole.fingerprint == sqltext.fingerprint(long)


def test_without_the_extension_there_is_a_gap_and_sessions_are_seen(observe, database, sql):
    sql.execute("drop extension pg_stat_statements")
    with psycopg.connect(database) as session:
        session.execute("select 1")
        snapshot = observe().snapshot()
    (gap,) = [gap for gap in snapshot.gaps if gap.source == "statements"]
    assert gap.hint.startswith("CREATE EXTENSION pg_stat_statements;")
    assert snapshot.sessions[0].fingerprint == sqltext.fingerprint("select 1")
    assert snapshot.statements is None


def test_the_extension_may_live_in_any_schema(statistics, recipes, sql, clock):
    sql.execute('create schema "Their Extensions"')
    sql.execute('alter extension pg_stat_statements set schema "Their Extensions"')
    with pytest.raises(Unseen) as closed:
        statistics.read(clock[0])
    assert closed.value.hint == 'GRANT USAGE ON SCHEMA "Their Extensions" TO watcher;'
    sql.execute(closed.value.hint)
    statistics.read(clock[0])
    sql.execute(SELECT)
    assert row_of(statistics.read(clock[1]), SELECT).calls == 1


def test_an_extension_that_was_not_loaded_is_a_gap_with_the_setting():
    settings = {"shared_preload_libraries": "", "compute_query_id": "auto"}
    with private_server(settings=settings) as server, psycopg.connect(server.dsn(), autocommit=True) as sql:
        sql.execute("create extension pg_stat_statements")
        observer = Observer(Target("test", server.dsn()))
        snapshot = observer.snapshot()
        observer.close()
    (gap,) = [gap for gap in snapshot.gaps if gap.source == "statements"]
    assert "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'" in gap.hint
    assert snapshot.sessions == ()
    assert snapshot.catalog is not None


def test_one_that_is_switched_off_is_a_gap_with_the_switch(observe, database, sql):
    sql.execute(f"alter database {sql.info.dbname} set compute_query_id = off")
    (gap,) = [gap for gap in observe().snapshot().gaps if gap.source == "statements"]
    assert "compute_query_id = auto" in gap.hint
