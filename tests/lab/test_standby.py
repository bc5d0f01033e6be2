"""A standby follows the primary, and commits that wait for it wait for good once it is gone or replays nothing."""

import threading
import time

import psycopg
import pytest

from failonce.lab.server import private_server
from failonce.lab.standby import Standby
from failonce.observe.connection import Connection
from failonce.observe.server import Server


@pytest.fixture
def primary():
    with private_server(settings={"synchronous_commit": "on"}) as server:
        yield server


@pytest.fixture
def sql(primary):
    with psycopg.connect(primary.dsn(), autocommit=True) as connection:
        connection.execute("create table written (n int)")
        yield connection


def awaited(question, within_s=10):
    """Ask until there is an answer."""
    give_up_at = time.monotonic() + within_s
    while not (answer := question()):
        assert time.monotonic() < give_up_at
        time.sleep(0.05)
    return answer


def write(dsn):
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("insert into written values (2)")


def seen(primary):
    """Return the server as failonce sees it."""
    connection = Connection(primary.dsn())
    connection.open()
    try:
        server = Server(connection)
        server.read(None)
        time.sleep(0.01)
        return server.read(None)["server"]
    finally:
        connection.close()


def standbys_seen(primary):
    """Return how many synchronous standbys are connected, as failonce sees it."""
    return seen(primary).synchronous_standbys


def waiting_commits(sql):
    return sql.execute("select pid from pg_stat_activity where wait_event = 'SyncRep'").fetchall()


def test_commits_wait_for_a_standby_that_is_gone_and_go_on_without_it(primary, sql):
    standby = Standby(primary)
    standby.begin("second")
    try:
        sql.execute("alter system set synchronous_standby_names = 'second'")
        sql.execute("select pg_reload_conf()")
        awaited(lambda: standbys_seen(primary) == 1)
        sql.execute("insert into written values (1)")
    finally:
        standby.end()
    assert awaited(lambda: standbys_seen(primary) == 0)
    waiting = threading.Thread(target=write, args=[primary.dsn()])
    waiting.start()
    awaited(lambda: waiting_commits(sql))
    assert sql.execute("select n from written").fetchall() == [(1,)]
    sql.execute("alter system reset synchronous_standby_names")
    sql.execute("select pg_reload_conf()")
    waiting.join(10)
    assert sql.execute("select n from written order by n").fetchall() == [(1,), (2,)]


def test_a_standby_that_replays_nothing_has_all_and_a_cancelled_commit_is_kept(primary, sql):
    standby = Standby(primary)
    standby.begin("second")
    try:
        sql.execute("alter system set synchronous_standby_names = 'second'")
        sql.execute("alter system set synchronous_commit = 'remote_apply'")
        sql.execute("select pg_reload_conf()")
        awaited(lambda: standbys_seen(primary) == 1)
        standby.execute_as_superuser("select pg_wal_replay_pause()")
        waiting = threading.Thread(target=write, args=[primary.dsn()])
        waiting.start()
        (pid,) = awaited(lambda: waiting_commits(sql))[0]
        (held_up,) = awaited(lambda: [s for s in seen(primary).standbys if s.missing_bytes == 0 and s.unreplayed_bytes])
        assert (held_up.name, held_up.state) == ("second", "streaming")
        assert seen(primary).standbys[0].replay_lsn == held_up.replay_lsn
        sql.execute("select pg_cancel_backend(%s)", [pid])
        waiting.join(10)
        assert sql.execute("select n from written").fetchall() == [(2,)]
        standby.execute_as_superuser("select pg_wal_replay_resume()")
        assert awaited(lambda: seen(primary).standbys[0].unreplayed_bytes == 0)
    finally:
        standby.end()
