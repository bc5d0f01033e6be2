"""The server's log, written by the real server."""

import os

import psycopg
import pytest

from failonce.observe.connection import Connection
from failonce.observe.fingerprints import Fingerprints
from failonce.observe.log import ServerLog
from failonce.observe.source import Unseen

TAGGED = "/*application='shop',route='/basket',release='v9'*/ select * from secrets where owner = 'Jane Roe'"


@pytest.fixture
def read(watcher):
    """Read the log as the watcher does; the first reading only finds its end."""
    connection, fingerprints = Connection(watcher), Fingerprints()
    connection.open()
    log = ServerLog(connection, fingerprints, local=True)
    assert log.read(None) == {}
    yield lambda: (log.read(None)["errors"].rows, {q.fingerprint: q.text for q in fingerprints.untold()})
    connection.close()


@pytest.fixture
def shop(database, sql, roles):
    """An application that may read nothing."""
    sql.execute("create table secrets (owner text)")
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("set role canary")
        yield connection


def refused(connection, statement):
    with pytest.raises(psycopg.Error):
        connection.execute(statement)


def test_a_refused_statement_is_told_with_its_table_route_and_release(read, shop):
    for _ in range(3):
        refused(shop, TAGGED)
    (error,), texts = read()
    assert (error.sqlstate, error.count, error.subject) == ("42501", 3, "secrets")
    assert (error.route, error.release) == ("/basket", "v9")
    assert texts[error.fingerprint] == "select * from secrets where owner = ?"


def test_an_exhausted_sequence(read, sql):
    sql.execute("create table tickets (id int generated always as identity (maxvalue 2), note text)")
    sql.execute("insert into tickets (note) values ('first'), ('second')")
    refused(sql, "insert into tickets (note) values ('Jane Roe')")
    (error,), texts = read()
    assert (error.sqlstate, error.subject) == ("2200H", "tickets_id_seq")
    assert "Jane" not in texts[error.fingerprint]


def test_what_others_data_is_in_stays_in_the_log(read, sql):
    refused(sql, "select 'Jane Roe'::integer")
    (error,), texts = read()
    assert "Jane" not in f"{error}{texts}"


def test_a_literal_that_may_not_end_where_it_seems_to_is_not_read(read, sql):
    sql.execute("set standard_conforming_strings = off")
    refused(sql, r"select 1/0, 'it\'s Jane Roe' as name")
    (error,), texts = read()
    assert (error.sqlstate, error.fingerprint, texts) == (None, None, {})


def test_our_own_errors_and_other_databases_are_nobodys_trouble(read, watcher, postgres, sql):
    with psycopg.connect(watcher, autocommit=True, application_name="failonce") as ours:
        refused(ours, "select 1/0")
    rows, _ = read()
    assert rows == ()


def test_nothing_is_told_twice_and_nothing_from_before(read, sql):
    refused(sql, "select 1/0")
    assert [row.count for row in read()[0]] == [1]
    assert read()[0] == ()


def test_a_log_that_begins_anew_is_read_from_its_beginning(watcher, tmp_path):
    path = tmp_path / "server.log"
    path.write_text("2026-11-25 16:00:00.1 UTC [7] shop 42 ERROR:  permission denied for table old\n")
    connection = Connection(watcher)
    connection.open()
    log = ServerLog(connection, Fingerprints(), local=True, log_file=str(path))
    log.read(None)
    os.replace(path, tmp_path / "server.log.1")
    path.write_text("2026-11-25 16:00:01.1 UTC [7] shop 42 ERROR:  permission denied for table new\nhalf a li")
    assert [row.subject for row in log.read(None)["errors"].rows] == ["new"]
    connection.close()


def test_a_log_that_may_not_be_read_is_a_gap(watcher, tmp_path):
    connection = Connection(watcher)
    connection.open()
    with pytest.raises(Unseen, match=r"server's log nowhere\.log cannot be read"):
        ServerLog(connection, Fingerprints(), local=True, log_file=str(tmp_path / "nowhere.log")).read(None)
    connection.close()


def test_a_server_elsewhere_is_unseen(watcher):
    with pytest.raises(Unseen, match="not said to run on this machine"):
        ServerLog(Connection(watcher), Fingerprints(), local=False).read(None)


def test_before_postgresql_17_pg_monitor_may_not_ask_for_the_file(watcher, sql, monkeypatch):
    """The data directory, and with it the room on its disk, is known even so; and often the file is found."""
    sql.execute("revoke execute on function pg_current_logfile(text) from pg_monitor")
    connection = Connection(watcher)
    connection.open()
    log = ServerLog(connection, Fingerprints(), local=True)
    assert log.read(None) == {}
    refused(sql, "select 1/0")
    assert [row.count for row in log.read(None)["errors"].rows] == [1]
    monkeypatch.setattr("failonce.observe.log._standard_error", lambda pid: None)
    hidden = ServerLog(connection, Fingerprints(), local=True)
    with pytest.raises(Unseen, match="may not ask") as told:
        hidden.read(None)
    assert "GRANT EXECUTE ON FUNCTION pg_current_logfile(text)" in told.value.hint
    assert hidden.data_directory == log.data_directory is not None
    connection.close()
