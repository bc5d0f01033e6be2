"""Those who hold things and do nothing: idle blockers, prepared transactions, idle and young connections."""

from contextlib import contextmanager

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from failonce import sqltext
from failonce.observe.connection import Connection
from failonce.observe.fingerprints import Fingerprints
from failonce.observe.idle import Idle
from failonce.observe.observer import Observer

TAGGED = "/*application='shop',route='%2Fcart',release='r8'*/ select 41 from pg_class limit 0"


@pytest.fixture
def shop(database):
    """A session of an application."""
    with psycopg.connect(make_conninfo(database, application_name="shop"), autocommit=True) as session:
        yield session


@contextmanager
def waiting(database, statement, sql):
    """A session that waits for a lock with this statement."""
    with psycopg.connect(database, autocommit=True) as waiter:
        waiter.pgconn.send_query(statement.encode())
        while not sql.execute(
            "select 1 from pg_stat_activity where pid = %s and wait_event_type = 'Lock'", [waiter.info.backend_pid]
        ).fetchone():
            pass
        yield waiter.info.backend_pid
        waiter.cancel()
        while waiter.pgconn.get_result() is not None:
            pass


def test_an_idle_session_that_blocks_is_told_from_the_second_reading_on(observe, database, shop, sql):
    observer: Observer = observe()
    shop.execute("select pg_advisory_lock(4711)")
    with waiting(database, "select pg_advisory_lock(4711)", sql) as pid:
        first, second = observer.snapshot(), observer.snapshot()
    assert [s.pid for s in first.sessions] == [pid]
    (holder,) = [s for s in second.sessions if s.pid == shop.info.backend_pid]
    assert (holder.state, holder.application, holder.transaction_age_s) == ("idle", "shop", None)
    assert holder.fingerprint == sqltext.fingerprint("select pg_advisory_lock(4711)")
    assert {wait.lock_type for wait in second.lock_waits} == {"advisory"}


def test_a_prepared_transaction_that_blocks_is_told_by_its_name(observe, database, shop, sql):
    shop.execute("create table stock (id int primary key, quantity int)")
    shop.execute("insert into stock values (1, 1)")
    shop.execute("begin")
    shop.execute("update stock set quantity = 0")
    shop.execute("prepare transaction 'restock 7'")
    try:
        with waiting(database, "update stock set quantity = 2", sql) as pid:
            snapshot = observe().snapshot()
    finally:
        shop.execute("rollback prepared 'restock 7'")
    (blocked,) = [s for s in snapshot.sessions if s.pid == pid]
    assert blocked.blocked_by == (0,)
    (prepared,) = snapshot.prepared
    assert (prepared.gid, prepared.owner) == ("restock 7", shop.info.user)
    assert prepared.age_s > 0


def test_connections_are_told_by_whose_they_are(observe, shop):
    observer: Observer = observe()
    observer.snapshot()
    connections = observer.snapshot().connections
    (group,) = [group for group in connections.groups if group.application == "shop"]
    assert (group.total, group.idle) == (1, 1)
    assert connections.total == sum(group.total for group in connections.groups)
    assert 0 < connections.reserved < connections.limit


def test_opened_connections_are_counted(observe, database):
    observer: Observer = observe()
    observer.snapshot()
    for _ in range(5):
        psycopg.connect(database).close()
    opened = 0
    # The server tells a session when it reports its own figures: at its end at the latest.
    while opened < 5:
        snapshot = observer.snapshot()
        opened += snapshot.database.sessions if snapshot.database else 0


def test_an_idle_connection_is_told_with_what_it_ran_last(watcher, shop, sql):
    connection = Connection(watcher)
    connection.open()
    fingerprints = Fingerprints()
    shop.execute(TAGGED)
    idle = Idle(connection, fingerprints)
    while not (seen := idle.read(None)["idle"]):
        sql.execute("select pg_sleep(0.1)")
    connection.close()
    (group,) = seen
    assert (group.application, group.release, group.sessions) == ("shop", "r8", 1)
    assert group.oldest_s >= 2
    assert group.fingerprint == sqltext.fingerprint("select 5 from pg_class limit 1")
    assert [query.text for query in fingerprints.untold()] == ["select ? from pg_class limit ?"]
