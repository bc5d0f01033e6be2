"""failonce doctor against a real server, as it should be and with each thing wrong in turn."""

import socket
import threading
import time
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from failonce.app.doctor import State, examine
from failonce.app.doctor.login import connect, reading
from failonce.app.doctor.server import clocks
from failonce.model.target import Target

IDS = [f"D{number:03}" for number in range(1, 26)]
APPLICATION_IDS = ["D016", "D017", "D018"]
DATABASE_IDS = [i for i in IDS if i not in APPLICATION_IDS]
NOWHERE = "host=127.0.0.1 port=1"
HEALTHY = """
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{route="/",status="200",le="0.1"} 3
http_request_duration_seconds_bucket{route="/",status="200",le="+Inf"} 4
http_request_duration_seconds_count{route="/",status="200"} 4
http_request_duration_seconds_sum{route="/",status="200"} 0.5
# TYPE db_pool_size gauge
db_pool_size 10
# TYPE db_pool_in_use gauge
db_pool_in_use 2
# TYPE db_pool_waiting gauge
db_pool_waiting 0
"""


def run(dsn, statement, *names):
    """Run one statement as the superuser, names quoted in."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def name_of(dsn):
    return conninfo_to_dict(dsn)["dbname"]


@pytest.fixture(scope="module")
def role(postgres):
    """Make a role that may log in, and forget it afterwards."""
    with ExitStack() as afterwards:

        def make(name, *grants):
            run(postgres.dsn(), "create role {} login password 's3cret'", name)
            afterwards.callback(run, postgres.dsn(), "drop owned by {0}; drop role {0}", name)
            for grant in grants:
                run(postgres.dsn(), "grant {} to {}", grant, name)
            return lambda dsn: make_conninfo(dsn, user=name, password="s3cret")

        yield make


@pytest.fixture(scope="module")
def monitor(role):
    return role("monitor", "pg_monitor")


@pytest.fixture(scope="module")
def shop(postgres):
    """A database that no test changes."""
    run(postgres.dsn(), "create database {}", "doctors_shop")
    yield postgres.dsn(dbname="doctors_shop")
    run(postgres.dsn(), "drop database {} with (force)", "doctors_shop")


@pytest.fixture
def telling_log(database):
    """Let the server's log tell what docs/how-to/connect.md asks for; as it was afterwards."""
    run(database, "alter system set log_line_prefix = '%m [%p] %q%d %a %e %Q '")
    run(database, "alter system set log_min_duration_statement = '1s'")
    run(database, "select pg_reload_conf()")
    yield
    run(database, "alter system reset all")
    run(database, "select pg_reload_conf()")


@contextmanager
def serving(body, status=200, content_type="text/plain; version=0.0.4"):
    """A real HTTP server that answers everything with this."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield f"http://127.0.0.1:{server.server_port}/metrics"
        server.shutdown()


def by_id(checks):
    """Return the checks by id, after looking at what must hold for all of them."""
    assert [check.id for check in checks] == IDS
    for check in checks:
        assert check.title
        assert check.found
        assert check.why.endswith(".")
        assert (check.hint != "") or check.state in (State.OK, State.NOT_CHECKED), check
        assert "s3cret" not in check.found + check.hint
    return {check.id: check for check in checks}


# As it should be


def test_a_target_that_is_set_up_as_documented_is_fine(database, monitor, role, telling_log):
    owner = role("owner_of_all")
    run(database, "grant create, usage on schema public to {}", "owner_of_all")
    run(owner(database), "create table recipes (id int)")
    run(database, "alter database {} set statement_timeout = '30s'", name_of(database))
    with serving(HEALTHY.encode()) as url:
        checks = by_id(examine(Target("shop", monitor(database), url, local=True, operator_dsn=owner(database))))
    assert {i: c for i, c in checks.items() if c.state is not State.OK}.keys() == {"D010"}
    assert checks["D010"].found == "texts are cut at 1kB"
    assert checks["D003"].found.startswith(("1", "2"))
    assert checks["D013"].found == "statements end after 30 s"
    assert checks["D017"].found == "1 routes"
    assert checks["D018"].found == "size 10, in use 2, waiting 0"
    assert checks["D022"].found.endswith(".log")
    assert checks["D024"].found == "those of 1s and longer"
    assert checks["D025"].found == "log_min_duration_statement = 1000 ms"


def test_what_is_not_configured_is_not_checked_and_says_how(shop, monitor):
    checks = by_id(examine(Target("shop", monitor(shop))))
    assert [i for i, c in checks.items() if c.state is State.NOT_CHECKED] == IDS[15:22]
    assert all(checks[i].hint for i in IDS[15:22])


def test_the_examination_leaves_no_session_behind(shop, monitor):
    examine(Target("shop", monitor(shop), local=True, operator_dsn=shop))
    until = time.monotonic() + 5
    with psycopg.connect(shop, autocommit=True) as connection:
        ours = "select count(*) from pg_stat_activity where application_name = 'failonce'"
        while connection.execute(ours).fetchone() != (0,):
            assert time.monotonic() < until


def test_questions_can_change_nothing_and_leave_the_session_as_it_was(shop):
    with closing(connect(shop)) as connection:
        before = connection.execute("select name, setting from pg_settings order by name").fetchall()
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), reading(connection):
            connection.execute("create table public.left_behind (id int)")
        with reading(connection):
            assert connection.execute("show statement_timeout").fetchone() == ("2s",)
        assert connection.execute("select name, setting from pg_settings order by name").fetchall() == before


# The way in


def test_an_unreachable_port_is_one_error_and_nothing_else_is_asked():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    checks = by_id(examine(Target("shop", f"host=127.0.0.1 port={port} password=s3cret")))
    assert checks["D001"].state is State.ERROR
    assert "Connection refused" in checks["D001"].found
    assert checks["D001"].hint == f"pg_isready -h 127.0.0.1 -p {port}"
    assert {checks[i].state for i in DATABASE_IDS[1:]} == {State.NOT_CHECKED}
    assert checks["D005"].found == "D001 comes first"


@pytest.mark.parametrize(
    ("change", "found", "hint"),
    [
        ({"password": "wr0ng"}, "password authentication failed", "ALTER ROLE monitor PASSWORD"),
        ({"password": ""}, "no password supplied", "Put the password into the DSN"),
        ({"dbname": "nowhere"}, 'database "nowhere" does not exist', "psql 'user=monitor password=*** "),
    ],
)
def test_a_server_that_refuses_us_is_told_apart_from_none(shop, monitor, change, found, hint):
    checks = by_id(examine(Target("shop", make_conninfo(monitor(shop), **change))))
    assert checks["D001"].state is State.OK
    assert checks["D002"].state is State.ERROR
    assert found in checks["D002"].found
    assert hint in checks["D002"].hint
    assert {checks[i].state for i in DATABASE_IDS[2:]} == {State.NOT_CHECKED}


# The role


def test_a_role_without_pg_monitor_sees_that_statements_are_hidden(shop, role):
    plain = role("plain")
    checks = by_id(examine(Target("shop", plain(shop))))
    assert (checks["D005"].state, checks["D005"].hint) == (State.ERROR, "GRANT pg_monitor TO plain;")
    assert checks["D006"].state is State.OK
    assert checks["D008"].state is State.ERROR
    assert "statements are hidden from plain" in checks["D008"].found


def test_a_superuser_is_too_much(shop):
    check = by_id(examine(Target("shop", shop)))["D004"]
    assert (check.state, check.found) == (State.WARNING, "postgres is a superuser")


# The server


def test_a_database_without_the_extension_is_named(database, monitor):
    run(database, "drop extension pg_stat_statements")
    checks = by_id(examine(Target("shop", monitor(database))))
    assert checks["D006"].state is State.OK
    assert checks["D007"].state is State.ERROR
    assert checks["D007"].found == f"not created in {name_of(database)}"
    assert "CREATE EXTENSION pg_stat_statements;" in checks["D007"].hint
    assert checks["D008"].state is State.NOT_CHECKED


def test_an_extension_in_a_schema_of_its_own_is_read_there(database, monitor):
    run(database, "drop extension pg_stat_statements")
    run(database, "create schema {}", "Odd Place")
    run(database, "create extension pg_stat_statements schema {}", "Odd Place")
    check = by_id(examine(Target("shop", monitor(database))))["D008"]
    assert check.state is State.ERROR
    assert check.hint == 'GRANT USAGE ON SCHEMA "Odd Place" TO monitor;'
    run(database, "grant usage on schema {} to monitor", "Odd Place")
    assert by_id(examine(Target("shop", monitor(database))))["D008"].state is State.OK


def test_settings_that_hide_things_are_named_with_the_statement_that_changes_them(shop, role):
    blind = role("blind", "pg_monitor")
    run(shop, "alter role {} set compute_query_id = off", "blind")
    run(shop, "alter role {} set track_io_timing = off", "blind")
    checks = by_id(examine(Target("shop", blind(shop))))
    assert (checks["D009"].state, checks["D009"].found) == (State.WARNING, "compute_query_id = off")
    assert (checks["D011"].state, checks["D011"].found) == (State.WARNING, "track_io_timing = off")
    assert "pg_reload_conf" in checks["D009"].hint + checks["D011"].hint


def test_a_statement_timeout_of_the_applications_role_counts(shop, monitor, role):
    role("web")
    assert by_id(examine(Target("shop", monitor(shop))))["D013"].state is State.WARNING
    run(shop, "alter role {} set statement_timeout = '5s'", "web")
    check = by_id(examine(Target("shop", monitor(shop))))["D013"]
    assert (check.state, check.found) == (State.OK, "set for web")


def test_a_server_that_is_nearly_full_is_said(shop, monitor):
    with ExitStack() as sessions:
        for _ in range(44):
            sessions.enter_context(psycopg.connect(shop))
        check = by_id(examine(Target("shop", monitor(shop))))["D012"]
    assert check.state is State.WARNING
    assert check.found.endswith("of 47 connections in use")
    assert "reserved_connections = 2" in check.hint


def test_others_of_ours_are_counted(shop, monitor):
    with ExitStack() as sessions:
        for expected in (State.OK, State.OK, State.WARNING):
            sessions.enter_context(psycopg.connect(monitor(shop), application_name="failonce watch"))
            check = by_id(examine(Target("shop", monitor(shop))))["D014"]
            assert check.state is expected
    assert check.found.startswith("3 other sessions of failonce: ")


def test_a_question_that_gets_no_answer_does_not_end_the_examination(shop, monitor):
    with psycopg.connect(shop) as locking:
        locking.execute("lock table pg_catalog.pg_extension in access exclusive mode")
        checks = by_id(examine(Target("shop", monitor(shop))))
    assert checks["D007"].state is checks["D008"].state is State.NOT_CHECKED
    assert checks["D007"].found == "canceling statement due to lock timeout"
    assert checks["D009"].state is State.OK


@pytest.mark.parametrize(
    ("off_s", "back_s", "state", "found"),
    [
        (0.0, 0.0, State.OK, "0 ms apart"),
        (0.9, 0.0, State.OK, "900 ms apart"),
        (7.5, 0.0, State.WARNING, "the server's clock is 7.5 s ahead of this machine's"),
        (-7.5, 0.0, State.WARNING, "the server's clock is 7.5 s behind this machine's"),
        # A slow way there and back leaves doubt, and doubt is no finding.
        (1.5, 3.0, State.OK, "0 ms apart"),
    ],
)
def test_clocks_are_compared_within_the_doubt_of_the_way(off_s, back_s, state, found):
    before = datetime(2026, 9, 14, tzinfo=UTC)
    answer = clocks(before + timedelta(seconds=off_s), before, before + timedelta(seconds=back_s))
    assert (answer.state, answer.found) == (state, found)


# The application


@pytest.mark.parametrize(
    ("body", "status", "found"),
    [
        (b"<!doctype html><html><body>It works!</body></html>", 200, "not with metrics"),
        (b'{"status": "ok"}', 200, "not with metrics"),
        (bytes(range(128, 256)), 200, "not with metrics"),
        (b"", 200, "not with metrics"),
        (b"no such page", 404, "answered with status 404"),
    ],
)
def test_an_endpoint_that_answers_nonsense_is_an_error_with_its_address(body, status, found):
    with serving(body, status) as url:
        checks = by_id(examine(Target("shop", NOWHERE, url)))
    assert checks["D016"].state is State.ERROR
    assert found in checks["D016"].found
    assert f"curl -sS {url}" in checks["D016"].hint
    assert checks["D017"].found == checks["D018"].found == "D016 comes first"


def test_an_endpoint_that_is_no_web_server_is_an_error():
    def chat(listener):
        with listener.accept()[0] as stranger:
            stranger.sendall(b"220 mail.example.org ESMTP\r\n")
            stranger.recv(1000)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        mail = threading.Thread(target=chat, args=[listener])
        mail.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/metrics"
        check = by_id(examine(Target("shop", NOWHERE, url)))["D016"]
        mail.join()
    assert check.state is State.ERROR
    assert "220 mail.example.org" in check.found


def test_metrics_without_requests_are_not_enough():
    with serving(b"# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total 3\n") as url:
        checks = by_id(examine(Target("shop", NOWHERE, url)))
    assert [checks[i].state for i in APPLICATION_IDS] == [State.OK, State.WARNING, State.NOT_CHECKED]
    assert "http_request_duration_seconds" in checks["D017"].hint


def test_a_pool_that_tells_half_is_asked_for_the_rest():
    with serving(HEALTHY.split("# TYPE db_pool_in_use")[0].encode()) as url:
        checks = by_id(examine(Target("shop", NOWHERE, url)))
    assert [checks[i].state for i in APPLICATION_IDS] == [State.OK, State.OK, State.WARNING]
    assert checks["D018"].found == "size 10"
    assert "db_pool_in_use, db_pool_waiting" in checks["D018"].hint


# The operator


def test_an_operator_that_owns_nothing_is_told_what_it_lacks(database, monitor, role):
    run(database, "create table {} (id int)", "Reviews")
    app = role("app")
    run(database, "grant create, usage on schema public to {}", "app")
    run(app(database), "create table recipes (id int)")
    helper = role("helper")
    check = by_id(examine(Target("shop", monitor(database), operator_dsn=helper(database))))["D021"]
    assert check.state is State.WARNING
    assert 'not on 2 tables: public."Reviews", public.recipes' in check.found
    # A superuser's rights are not to be handed on; an ordinary owner's are.
    assert check.hint == 'ALTER TABLE public."Reviews" OWNER TO helper; GRANT app TO helper;'


def test_following_the_hints_lets_the_operator_create_the_index(database, monitor, role):
    run(database, "create table reviews (id int)")
    healer = role("healer")
    target = Target("shop", monitor(database), operator_dsn=healer(database))
    for _ in range(3):
        check = by_id(examine(target))["D021"]
        if check.state is State.OK:
            break
        run(database, check.hint)
    assert check.state is State.OK
    run(healer(database), "create index on reviews (id)")


def test_an_operator_dsn_that_leads_elsewhere_is_an_error(shop, monitor, postgres):
    check = by_id(examine(Target("shop", monitor(shop), operator_dsn=postgres.dsn())))["D020"]
    assert check.state is State.ERROR
    assert f"/{name_of(shop)}" in check.found


def test_an_operator_dsn_that_is_refused_is_not_checked(shop, monitor):
    operator = make_conninfo(shop, password="wr0ng")
    check = by_id(examine(Target("shop", monitor(shop), operator_dsn=operator)))["D021"]
    assert check.state is State.NOT_CHECKED
    assert "password authentication failed" in check.found


# The log


@pytest.mark.parametrize(
    ("setting", "value", "check", "found", "hint"),
    [
        ("log_lock_waits", "off", "D024", "log_lock_waits = off", "SET log_lock_waits = on;"),
        ("deadlock_timeout", "1min", "D024", "deadlock_timeout = 1min: ", "SET deadlock_timeout = '1s';"),
        ("log_min_duration_statement", "-1", "D025", "log_min_duration_statement = -1", "statement = '1s';"),
        ("log_min_duration_statement", "0", "D025", "every statement is written", "statement = '1s';"),
    ],
)
def test_a_log_that_keeps_silent_or_tells_too_much_is_named(database, monitor, setting, value, check, found, hint):
    run(database, f"alter database {{}} set {setting} = '{value}'", name_of(database))
    told = by_id(examine(Target("shop", monitor(database))))[check]
    assert told.state is State.WARNING
    assert found in told.found
    assert hint in told.hint


def test_a_prefix_without_code_and_database_is_named_with_a_better_one(shop, monitor):
    check = by_id(examine(Target("shop", monitor(shop))))["D023"]
    assert check.state is State.WARNING
    assert check.found == "log_line_prefix = '%m [%p] %q%a %Q ' lacks the error's code and the database"
    assert check.hint.startswith("ALTER SYSTEM SET log_line_prefix = '%m [%p] %q%d %a %e %Q ';")


def test_a_log_that_is_not_where_it_was_said_to_be_is_an_error(shop, monitor, tmp_path):
    elsewhere = tmp_path / "postgresql.log"
    check = by_id(examine(Target("shop", monitor(shop), local=True, log_file=str(elsewhere))))["D022"]
    assert check.state is State.ERROR
    assert check.found == "the server's log postgresql.log cannot be read: No such file or directory"
    elsewhere.touch()
    check = by_id(examine(Target("shop", monitor(shop), local=True, log_file=str(elsewhere))))["D022"]
    assert (check.state, check.found) == (State.OK, str(elsewhere))
