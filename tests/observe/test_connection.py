"""Opening, losing and finding the connection again; and that it cannot hurt."""

import socket

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from failonce.model.errors import DatabaseUnreachable
from failonce.model.target import Target
from failonce.observe.connection import Connection
from failonce.observe.observer import Observer
from failonce.observe.source import Unseen


@pytest.fixture
def connection(watcher):
    connection = Connection(watcher)
    connection.open()
    yield connection
    connection.close()


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ({"password": "s3cret"}, "check the user, and the password in PGPASSWORD"),
        ({"dbname": "nowhere"}, "check the database's name"),
        ({"user": "nobody", "password": "s3cret"}, "check the user"),
        ({"port": closed_port()}, "pg_isready -h 127.0.0.1 -p"),
        ({"host": "no-such-host.invalid"}, "getent hosts no-such-host.invalid"),
    ],
    ids=["password", "database", "role", "port", "host"],
)
def test_an_unreachable_database_says_what_to_check(watcher, wrong, hint):
    with pytest.raises(DatabaseUnreachable) as refused:
        Observer(Target("test", make_conninfo(watcher, **wrong)))
    assert hint in refused.value.hint
    assert "s3cret" not in str(refused.value) + refused.value.hint


def test_an_unreadable_connection_string_is_not_repeated():
    with pytest.raises(DatabaseUnreachable) as refused:
        Connection("host=localhost password=s3cret nonsense")
    assert "s3cret" not in str(refused.value)
    assert refused.value.__suppress_context__


def test_a_full_server_says_so(postgres, database, roles, sql):
    sql.execute("alter role outsider connection limit 0")
    try:
        with pytest.raises(DatabaseUnreachable, match="too many connections") as refused:
            Connection(make_conninfo(database, user="outsider", password="outside")).open()
    finally:
        sql.execute("alter role outsider connection limit -1")
    assert "max_connections" in refused.value.hint


def test_the_connection_cannot_write_wait_or_stay(connection):
    settings = {row[0]: row[1] for row in connection._live.execute("select name, setting from pg_settings")}
    assert settings["application_name"] == "failonce"
    assert settings["default_transaction_read_only"] == "on"
    assert settings["statement_timeout"] == "800"
    assert settings["lock_timeout"] == "100"
    assert settings["idle_in_transaction_session_timeout"] == "5000"
    assert settings["search_path"] == "pg_catalog"
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        connection._live.execute("create temporary table t ()")


def test_a_timeout_is_unseen_and_the_next_query_is_answered(connection, monkeypatch):
    monkeypatch.setattr("failonce.observe.connection.query", lambda name, version: "select pg_sleep(5)")
    with pytest.raises(Unseen, match="statement timeout") as unseen:
        connection.rows("probe")
    assert not unseen.value.lasting
    monkeypatch.undo()
    assert connection.rows("probe")[0][0] == 1


def test_a_longer_timeout_holds_for_one_query_only(connection, monkeypatch):
    monkeypatch.setattr("failonce.observe.connection.query", lambda name, version: "select pg_sleep(1)")
    connection.rows("probe", timeout_ms=5000)
    with pytest.raises(Unseen, match="statement timeout"):
        connection.rows("probe")


def test_a_lost_connection_is_a_gap_and_then_a_new_connection(observe, sql):
    observer = observe()
    observer.snapshot()
    sql.execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'failonce'")
    lost = observer.snapshot()
    assert {"connection", "probe"} <= {gap.source for gap in lost.gaps}
    assert lost.sessions is None
    found = observer.snapshot()
    assert found.sessions == ()
    assert found.probe.round_trip_ms > 0
    assert sql.execute("select count(*) from pg_stat_activity where application_name = 'failonce'").fetchone() == (2,)


def test_a_server_that_stays_away_is_asked_less_and_less(watcher):
    connection = Connection(make_conninfo(watcher, port=closed_port()))
    with pytest.raises(Unseen, match="cannot be reached"):
        connection.ensure_open()
    with pytest.raises(Unseen, match="was lost") as again:
        connection.ensure_open()
    assert "tried again" in again.value.hint
