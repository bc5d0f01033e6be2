"""The server as a whole, from the real one."""

import contextlib
import threading
import time

import psycopg
import pytest

from failonce.observe.connection import Connection
from failonce.observe.server import Server


@pytest.fixture
def server(watcher):
    connection = Connection(watcher)
    connection.open()
    server = Server(connection)
    assert server.read(None) == {}
    yield lambda: server.read(None)["server"]
    connection.close()


def summed(server, counter, enough):
    """Read until the counter has grown enough: processes report to the statistics with a delay."""
    give_up_at, total = time.monotonic() + 10, 0
    while total < enough and time.monotonic() < give_up_at:
        total += getattr(server(), counter)
    return total


def test_checkpoints_and_age(server, sql):
    sql.execute("create table written (n int)")
    sql.execute("checkpoint")
    assert summed(server, "checkpoints_requested", 1) >= 1
    assert server().started_at == sql.execute("select pg_postmaster_start_time()").fetchone()[0]


def test_wal_that_was_written(server, sql):
    sql.execute("create table written (n int)")
    sql.execute("insert into written select generate_series(1, 20000)")
    # A session that is idle right after would keep it for ten seconds.
    sql.execute("select pg_stat_force_next_flush()")
    assert summed(server, "wal_bytes", 20_000 * 8) >= 20_000 * 8


def test_sessions_that_somebody_ended(server, sql, database):
    with psycopg.connect(database) as victim:
        sql.execute("select pg_terminate_backend(%s, 2000)", [victim.info.backend_pid])
    assert summed(server, "sessions_ended", 1) >= 1


def test_a_vacuum_under_way_is_named_with_its_table(server, sql, database):
    sql.execute("create table worn (n int)")
    sql.execute("insert into worn select generate_series(1, 100000)")
    sql.execute("delete from worn where n % 2 = 0")

    def vacuum():
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("set vacuum_cost_delay = 100")
            with contextlib.suppress(psycopg.errors.QueryCanceled):
                connection.execute("vacuum worn")

    working = threading.Thread(target=vacuum)
    working.start()
    seen = []
    while working.is_alive() and not seen:
        seen = [(t.kind, t.relation, t.is_automatic) for t in server().tasks if t.relation]
    sql.execute("select pg_cancel_backend(pid) from pg_stat_progress_vacuum")
    working.join()
    assert seen == [("vacuum", "worn", False)]
