"""The live review: each line on a real server on which it is wrong, and the page as a whole."""

from dataclasses import replace
from datetime import date

import psycopg
import pytest
from click.testing import CliRunner
from psycopg.rows import dict_row

from failonce import plugins
from failonce.app.review import live
from failonce.app.review.live import review_live
from failonce.app.review.options import ReviewOptions
from failonce.cli import failonce
from failonce.guard.health import Server
from failonce.model.errors import DatabaseUnreachable

RULES = plugins.load("failonce.guard.health_rules")
SERVER = Server(180006, date(2026, 11, 25), {"autovacuum_freeze_max_age": "200000000"}, 1 << 20, 30.0)
WRONG = {
    "invalid-indexes": "create table t (a int); insert into t values (1), (1)",
    "duplicate-indexes": "create table t (a int, b int); create index one on t (a); create index two on t (a, b)",
    "unused-indexes": "create table t as select n from generate_series(1, 80000) n; create index idle on t (n)",
    "foreign-keys": "create table o (id int primary key); create table t as select null::int as o, n"
    " from generate_series(1, 20000) n; alter table t add foreign key (o) references o; analyze t",
    "bloat": "create table t with (autovacuum_enabled = off) as select n from generate_series(1, 30000) n;"
    " delete from t where n < 20000",
    "sequences": "create table t (id serial); select setval('t_id_seq', 2000000000)",
    "statistics": "create table t with (autovacuum_enabled = off) as select n from generate_series(1, 30000) n;"
    " insert into t select * from t",
}


def answer(rule, dsn=None, server=SERVER, rows=None):
    if rows is None:
        with psycopg.connect(dsn, autocommit=True, row_factory=dict_row) as connection:
            connection.execute("select pg_stat_force_next_flush()")
            rows = connection.execute(RULES[rule].QUERY).fetchall()
    return RULES[rule].check(rows, server)


@pytest.mark.parametrize("rule", WRONG)
def test_what_is_wrong_is_told_with_what_to_do(rule, database):
    assert answer(rule, database).state in ("ok", "not checked")
    with psycopg.connect(database, autocommit=True) as connection:
        for statement in WRONG[rule].split("; "):
            connection.execute(statement)
        if rule == "invalid-indexes":
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("create unique index concurrently broken on t (a)")
        connection.execute("select pg_stat_force_next_flush()")
    found = answer(rule, database)
    assert found.state in ("warning", "error")
    assert found.instead
    assert any(name in found.found for name in ("broken", "one", "idle", "t"))


def settings(**changes):
    return Server(180006, date(2026, 11, 25), {"max_connections": "100", **changes}, 40 << 30, 30.0, 16 << 30)


def sequence(**changes):
    return {"name": "s", "schema": "public", "last_value": 1, "unseen": False, "rows": 0, "most": 100, **changes}


def open_by(whose, count):
    return {"whose": whose, "open": count, "idle": count // 2}


@pytest.mark.parametrize(
    ("rule", "server", "rows", "state"),
    [
        ("settings", settings(fsync="off"), [], "error"),
        ("settings", settings(work_mem=str(1 << 20)), [], "warning"),
        ("settings", settings(shared_buffers="16384"), [], "warning"),
        ("settings", settings(work_mem="4096", shared_buffers="524288"), [], "ok"),
        ("patch-level", Server(160003, date(2026, 11, 25), {}, 0, 1.0), [], "warning"),
        ("patch-level", Server(140023, date(2026, 11, 25), {}, 0, 1.0), [], "error"),
        ("patch-level", Server(130022, date(2026, 11, 25), {}, 0, 1.0), [], "error"),
        ("patch-level", Server(190001, date(2026, 11, 25), {}, 0, 1.0), [], "not checked"),
        ("patch-level", SERVER, [], "ok"),
        ("wraparound", SERVER, [{"name": "a", "age": 150_000_000}], "ok"),
        ("wraparound", SERVER, [{"name": "a", "age": 500_000_000}], "warning"),
        ("wraparound", SERVER, [{"name": "a", "age": 1_600_000_000}], "error"),
        ("unused-indexes", Server(180006, date(2026, 11, 25), {}, 0, 2.0), [{"name": "i", "bytes": 1}], "not checked"),
        ("replication-slots", SERVER, [{"name": "gone", "bytes": 90 << 30}], "error"),
        ("replication-slots", SERVER, [{"name": "gone", "bytes": 0}], "warning"),
        ("connections", settings(superuser_reserved_connections="3"), [open_by("shop", 40)], "ok"),
        ("connections", settings(superuser_reserved_connections="3"), [open_by("shop", 80)], "warning"),
        ("connections", settings(), [open_by("shop", 60), open_by("cron", 37)], "error"),
        ("sequences", SERVER, [sequence(last_value=None)], "ok"),
        ("sequences", SERVER, [sequence(last_value=None, unseen=True)], "not checked"),
        ("sequences", SERVER, [sequence(last_value=None, unseen=True, rows=95)], "error"),
    ],
)
def test_what_a_server_tells(rule, server, rows, state):
    assert answer(rule, rows=rows, server=server).state == state


@pytest.fixture
def watcher(postgres, shop):
    """A monitoring role on the shop: pg_monitor and nothing else."""
    dbname = psycopg.conninfo.conninfo_to_dict(shop)["dbname"]
    with psycopg.connect(shop, autocommit=True) as connection:
        connection.execute("create role healthwatch login password 'w'")
        connection.execute("grant pg_monitor to healthwatch")
    yield postgres.dsn(dbname=dbname, user="healthwatch", password="w")
    with psycopg.connect(shop, autocommit=True) as connection:
        connection.execute("drop role healthwatch")


def test_a_monitoring_role_gets_the_page_and_changes_nothing(watcher, shop, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(failonce, ["review", "--dsn", watcher])
    lines = [line for line in shown.output.splitlines() if line.startswith(("✔", "!", "✘", "–"))]
    assert len(lines) == len(RULES) + 1
    assert any("reviews (cook_id) → cooks" in line for line in lines)
    assert "not healthy" in shown.output
    assert shown.exit_code == 1
    assert "password" not in shown.output


@pytest.mark.parametrize(("granted", "grants"), [
    ("pg_monitor", {"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO looker;", "failonce twin helper --role looker"}),
    ("nothing", {"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO looker;", "GRANT pg_read_all_stats TO looker;"}),
    ("away", {"GRANT USAGE ON SCHEMA away TO looker;"}),
])  # fmt: skip
def test_each_line_says_what_it_could_not_see_and_what_shows_it(postgres, database, granted, grants):
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("create table tickets as select n as id from generate_series(1, 20000) n; analyze")
        connection.execute("create sequence tickets_id_seq owned by tickets.id; select nextval('tickets_id_seq')")
        connection.execute("create role looker login password 'l'")
        try:
            if granted == "pg_monitor":
                connection.execute("grant pg_monitor to looker")
            if granted == "away":
                connection.execute("create schema away; alter extension pg_stat_statements set schema away")
            connection.execute(b"select count(*) from tickets where id > 7")
            dsn = postgres.dsn(
                dbname=psycopg.conninfo.conninfo_to_dict(database)["dbname"], user="looker", password="l"
            )
            shown = CliRunner().invoke(failonce, ["review", "--dsn", dsn])
        finally:
            connection.execute("drop role looker")
    assert shown.exit_code in (0, 1), shown.output
    assert shown.exception is None or isinstance(shown.exception, SystemExit)
    lines = [line for line in shown.output.splitlines() if line.startswith(("✔", "!", "✘", "–"))]
    assert len(lines) == len(RULES) + 1
    assert [grant for grant in grants if grant not in shown.output] == [], shown.output


def test_a_table_near_the_end_of_a_sequence_that_is_not_seen_is_told(postgres, database):
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("create table t (id smallserial); insert into t select n from generate_series(1, 30000) n")
        connection.execute("analyze t")
        connection.execute("create role looker login password 'l'")
        connection.execute("set role looker")
        rows = connection.execute(RULES["sequences"].QUERY).fetchall()
        names = [column.name for column in connection.cursor().execute(RULES["sequences"].QUERY).description]
        connection.execute("reset role; drop role looker")
    found = RULES["sequences"].check([dict(zip(names, row, strict=True)) for row in rows], SERVER)
    assert found.state == "error"
    assert "at least 92" in found.found


def test_the_top_statements_are_reviewed_where_a_twin_can_be_had(shop):
    with psycopg.connect(shop, autocommit=True) as connection:
        connection.execute("select pg_stat_statements_reset()")
        for _ in range(3):
            connection.execute("select count(*) from reviews where cook_id = 7")
    page = review_live(shop, ReviewOptions())
    assert page.statements is not None
    findings = [finding for report in page.statements.reports for finding in report.findings]
    assert "full-scan" in {finding.rule for finding in findings}
    assert 0 < max(page.shares.values()) <= 1


def test_an_unreachable_database_is_told():
    with pytest.raises(DatabaseUnreachable):
        review_live("host=127.0.0.1 port=1 dbname=x user=y", ReviewOptions())


def test_what_tables_gain_a_day_is_what_was_inserted_less_what_was_deleted(database):
    with psycopg.connect(database, autocommit=True, row_factory=dict_row) as connection:
        connection.execute("create table t as select n from generate_series(1, 100) n")
        connection.execute("insert into t select n from generate_series(1, 50) n")
        connection.execute("delete from t where n <= 10")
        connection.execute("select pg_stat_force_next_flush()")
        gained = live.growth(connection, SERVER)
        assert gained["t"] == pytest.approx((100 + 50 - 20) / 30)
        assert live.growth(connection, replace(SERVER, counting_days=0.01)) == {}
