"""Sessions, locks and connections as pg_stat_activity shows them, on a real server."""

import time
from contextlib import contextmanager

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from failonce import sqltext
from failonce.model.target import Target
from failonce.observe.connection import Connection
from failonce.observe.fingerprints import Fingerprints
from failonce.observe.observer import Observer
from failonce.observe.sessions import Sessions
from failonce.observe.statements import StatementStatistics

# Statements as applications send them; each has to get one fingerprint, whichever view it is seen in.
STATEMENTS = [
    "select * from recipes where name = 'O''Neil' limit 20",
    "/*route='%2Frecipes',release='v41'*/ select id, name from recipes where id = 5",
    "select id from recipes where id in (1, 2, 3)",
    "select id from recipes where id in (1, 2, 3, 4, 5) and name like '%soup%'",
    "select r.* from recipes r join recipes s on s.id = r.id + 1 where r.id between -1 and +1",
    "SELECT count(*)\n  FROM recipes -- all of them\n WHERE name <> E'a\\'b'",
    "select $$dollars$$, name from recipes where id > .5 and id < 1e3",
    "insert into recipes (id, name) values (101, 'a'), (102, 'b') on conflict do nothing",
    "update recipes set name = upper(name), id = id + 0 where id = -7",
    "delete from recipes where id = 999 and name = ''",
    "select name from recipes order by id desc limit 20 offset 40",
    "select case when id > 10 then 'big' else 'small' end from recipes",
    "with r as (select id from recipes where id < 10) select sum(id) from r",
    'select "name" as "The Name" from "recipes" where true',
    "select id::text || 'x', (id::numeric / 3)::int from recipes where name is not null",
    "select * from (values (1, 'a'), (2, 'b')) as v (id, name)",
    "select coalesce(name, 'none'), extract(epoch from now()) from recipes where id = 3 /* why */",
    "select array[1, 2, 3], '{1,2}'::int[], name from recipes where id = any ('{1,2,3}')",
    "select row_number() over (order by id) from recipes where id % 2 = 0",
    "select date '2026-01-01' + interval '1 day', name from recipes for update",
    "select name from recipes where (id > 5) = true and name is not null and (id = 1) is not false",
    "select coalesce(null, name), nullif(name, 'x') from recipes where id = any (array[1, 2, 3])",
    "insert into recipes values (201, null), (202, 'b')",
    "create index on recipes (name)",
    "lock table recipes in share mode",
]


@pytest.fixture
def recipes(sql):
    sql.execute("create table recipes (id int primary key, name text)")
    sql.execute("insert into recipes select n, 'recipe ' || n from generate_series(1, 100) as n")


@contextmanager
def transaction(dsn, *statements):
    """A session that ran the statements and is idle in its transaction."""
    with psycopg.connect(dsn, application_name="shop") as session:
        for statement in statements:
            session.execute(statement)
        yield session


def wait_for_session(sql, condition):
    until_s = time.monotonic() + 20
    while not sql.execute(f"select 1 from pg_stat_activity where {condition}").fetchone():
        assert time.monotonic() < until_s, condition


def drain(session):
    while session.pgconn.get_result():
        pass


def test_both_views_give_a_statement_the_same_fingerprint(watcher, database, recipes):
    connection = Connection(watcher)
    connection.open()
    in_sessions = {}
    for statement in STATEMENTS:
        with transaction(database, statement):
            (session,) = Sessions(connection, Fingerprints()).read(None)["sessions"]
        in_sessions[statement] = (int(session.query_id), session.fingerprint)
    fingerprints = Fingerprints()
    StatementStatistics(connection, fingerprints).read(None)
    connection.close()
    in_statistics = {
        statement: (query_id, fingerprints.of(query_id)) for statement, (query_id, _) in in_sessions.items()
    }
    assert in_statistics == in_sessions
    assert in_sessions == {s: (query_id, sqltext.fingerprint(s)) for s, (query_id, _) in in_sessions.items()}


def test_a_session_is_told_with_its_tags_ages_and_text(observe, database, recipes):
    tagged = "/*route='%2Frecipes',release='v42'*/ select name from recipes where id = 5"
    with transaction(database, tagged) as idle:
        snapshot = observe().snapshot()
        (session,) = snapshot.sessions
        assert (session.pid, session.kind, session.user, session.application) == (
            idle.info.backend_pid,
            "client backend",
            "postgres",
            "shop",
        )
        assert (session.state, session.wait_type, session.wait_event) == ("idle in transaction", "Client", "ClientRead")
        assert (session.route, session.release) == ("%2Frecipes", "v42")
        assert 0 <= session.state_age_s <= session.query_age_s <= session.transaction_age_s < 60
        assert [q.text for q in snapshot.queries if q.fingerprint == session.fingerprint] == [
            "select name from recipes where id = ?"
        ]


def test_tags_at_the_end_are_read_when_the_text_is_whole(observe, database, recipes):
    with (
        transaction(database, "select 1 /*application='shop',route='/end',release='v7'*/"),
        transaction(database, f"select 1 as x{'y' * 40}, '{'z' * 1200}' /*route='/cut'*/"),
        transaction(database, "select '/*route=''/literal''*/' as x"),
    ):
        assert [session.route for session in observe().snapshot().sessions] == ["/end", None, None]


def test_a_text_comes_once_per_statement(watcher, database, recipes):
    connection = Connection(watcher)
    connection.open()
    fingerprints = Fingerprints()
    sessions = Sessions(connection, fingerprints)
    with transaction(database, "select 1 from recipes"):
        first = sessions.read(None)["sessions"]
        assert len(fingerprints.untold()) == 1
        assert sessions._recent
        # Were the text fetched again, it would be learned again, under this wrong name.
        fingerprints.learn(int(first[0].query_id), "other")
        assert sessions.read(None)["sessions"][0].fingerprint == sqltext.fingerprint("other")
    connection.close()


def test_a_statement_without_an_id_is_known_by_its_text(watcher, database, recipes):
    connection = Connection(watcher)
    connection.open()
    sessions = Sessions(connection, Fingerprints())
    with psycopg.connect(database) as session:
        session.execute("set compute_query_id = off")
        session.execute("select name from recipes where id = 5")
        for _ in range(2):
            (seen,) = sessions.read(None)["sessions"]
            assert seen.query_id is None
            assert seen.fingerprint == sqltext.fingerprint("select name from recipes where id = 1")
    connection.close()


def test_several_statements_at_once_do_not_name_one(observe, database, recipes):
    with transaction(database, "select 1; select name from recipes"):
        (seen,) = (observer := observe()).snapshot().sessions
        assert observer._fingerprints.of(int(seen.query_id)) in (None, sqltext.fingerprint("select name from recipes"))


def test_a_waiter_is_told_with_who_blocks_it_and_where(observe, database, recipes, sql):
    observer = observe()
    update = "update recipes set name = 'x' where id = 1"
    with transaction(database, update) as holder, psycopg.connect(database) as waiter:
        waiter.execute("begin")
        pid = waiter.info.backend_pid
        waiter.pgconn.send_query(update.encode())
        wait_for_session(sql, f"pid = {pid} and wait_event_type = 'Lock'")
        snapshot = observer.snapshot()
        (blocked,) = [session for session in snapshot.sessions if session.pid == pid]
        assert (blocked.wait_type, blocked.wait_event) == ("Lock", "transactionid")
        assert blocked.blocked_by == (holder.info.backend_pid,)
        (wait,) = snapshot.lock_waits
        assert (wait.pid, wait.lock_type, wait.mode, wait.relation) == (pid, "transactionid", "ShareLock", "recipes")
        holder.rollback()
        drain(waiter)


def test_nobody_waits_and_nothing_is_asked_of_the_locks(observe):
    assert observe().snapshot().lock_waits == ()


def test_parallel_workers_are_told_as_such(observe, database, recipes, sql):
    observer = observe()
    sql.execute("alter table recipes set (parallel_workers = 2)")
    with psycopg.connect(database) as session:
        session.execute(
            "set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0"
        )
        session.execute("set parallel_leader_participation = off")
        session.pgconn.send_query(b"select sum(length(pg_sleep(0.03)::text)) from recipes")
        wait_for_session(sql, "backend_type = 'parallel worker' and state = 'active'")
        kinds = {seen.kind for seen in observer.snapshot().sessions}
        session.cancel()
        drain(session)
    assert kinds == {"client backend", "parallel worker"}


def test_our_own_sessions_count_as_connections_but_are_not_told(observe, sql):
    snapshot = observe().snapshot()
    assert snapshot.sessions == ()
    (others,) = sql.execute("select count(*) from pg_stat_activity where backend_type = 'client backend'").fetchone()
    assert snapshot.connections.total == others >= 3
    assert snapshot.connections.limit == 50


def test_a_role_without_pg_monitor_is_a_gap_with_the_grant(database, roles, recipes):
    outsider = make_conninfo(database, user="outsider", password="outside")
    with transaction(database, "select 1"):
        observer = Observer(Target("test", outsider))
        snapshot = observer.snapshot()
        observer.close()
    assert snapshot.sessions == ()
    assert snapshot.connections.total >= 3
    gaps = {gap.source: gap for gap in snapshot.gaps}
    assert gaps["sessions"].hint == gaps["statements"].hint == "GRANT pg_monitor TO outsider;"
