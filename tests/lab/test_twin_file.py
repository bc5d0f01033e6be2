"""A twin file: made by a role that may read no row, free of the rows' values, checked when it is read."""

import gzip
import json

import psycopg
import pytest
from psycopg import sql

from failonce.lab.twin import file, up
from failonce.lab.twin.pull import helper_sql, pull, pull_masked
from failonce.model.errors import CannotLook, NotFound
from failonce.plantree import nodes

CANARIES = (
    "canary-4111",
    "4111111111111111",
    "31337.42",
    "1985-03-17",
    "10:31:07",
    "c0ffee00",
    "203.0.113.77",
    "zyzzyva",
    # Of a range's bounds and lengths, and of an expression.
    "2041-05-06",
    "07:08:09",
    "73193",
    "8222222222222222",
)

SCHEMA = """
create type mood as enum ('good', 'bad');
create type namerange as range (subtype = text);
create table people (
    id int generated always as identity primary key, name text, code char(3), card bigint, balance numeric(12, 2),
    born date, seen timestamptz, token uuid, address inet, tags text[], words tsvector, about jsonb, mood mood,
    status text check (status in ('open', 'closed')), city text, country text,
    away tstzrange, served int4range, names namerange, shifts datemultirange,
    folded text generated always as (lower(name)) stored);
insert into people (name, code, card, balance, born, seen, token, address, tags, words, about,
                    mood, status, city, country, away, served, names, shifts)
select case when i % 4 = 0 then 'canary-4111' else 'name ' || i end, chr(97 + i % 26) || 'zz',
       case when i % 5 = 0 then 4111111111111111 else 4000000000000000 + i * 7919::bigint end,
       case when i % 7 = 0 then 31337.42 else i * 13.37 end,
       case when i % 3 = 0 then '1985-03-17' else '1960-01-01'::date + i end,
       '2026-01-02 10:31:07+00'::timestamptz + (i / 9) * interval '37 min 1 s',
       case when i % 4 = 0 then 'c0ffee00-1111-2222-3333-444444444444' else gen_random_uuid() end,
       case when i % 4 = 0 then '203.0.113.77' else '10.0.0.0'::inet + i end,
       array['zyzzyva', 'tag ' || i % 10], to_tsvector('simple', 'zyzzyva w' || i % 10),
       jsonb_build_object('k', 'canary-4111'),
       (array['good', 'bad'])[1 + i % 2]::mood, (array['open', 'closed'])[1 + i % 2],
       'city ' || i % 40, 'country ' || i % 4,
       case when i % 9 = 0 then tstzrange('2042-01-01 07:08:09+00', null)
            when i % 9 = 1 then 'empty'
            else tstzrange('2026-01-02 10:31:07+00'::timestamptz + i * interval '37 min 1 s',
                           '2026-01-02 10:31:07+00'::timestamptz + (i + i % 50) * interval '37 min 1 s') end,
       int4range(i, i + case when i % 6 = 0 then 73193 else i % 100 end), namerange('canary-4111', 'name ' || i),
       datemultirange(daterange('1960-01-01'::date + i, '1960-01-01'::date + i + 20),
                      daterange('2041-05-01', '2041-05-06'))
  from generate_series(1, 20000) i;
create index on people (lower(name));
create index open_people on people (seen) where status = 'open';
create statistics people_places (ndistinct, dependencies, mcv) on city, country from people;
create statistics people_shapes (ndistinct, dependencies, mcv)
    on city, lower(country), (id % 40), (status = 'open') from people;
create statistics people_numbers on (card * 2) from people;
create statistics people_dates (mcv) on born, seen, (upper(name)) from people;
alter statistics people_dates set statistics 1000;
create table children (notes text) inherits (people);
"""
QUESTIONS = (
    "select * from people where name = $1",
    "select * from people where lower(name) = $1",
    "select * from people where born between '1970-01-01' and '1975-01-01'",
    "select * from people where seen > '2026-02-01' order by seen limit 20",
    "select * from people where balance > 100000",
    "select * from people where city = $1 and country = $2",
    "select city, country, count(*) from people group by city, country",
    "select * from people p join people q on p.card = q.card where p.mood = 'good'",
    "select * from people where tags @> $1",
    "select * from people where status = 'open' and seen < '2026-01-03'",
    "select * from people where lower(country) = $1 and city = $2 and id % 40 = 7",
    "select lower(country), city, count(*) from people group by 1, 2",
    "select * from people where card * 2 > 8100000000000000",
    "select * from people p join people q on p.card * 2 = q.card * 2 where p.mood = 'good'",
    "select * from people where served && '[2000,3000)'",
    "select * from people where served @> 5000",
    "select * from people where served <@ '[1000,9000)'",
    "select * from people where away && '[2026-03-01,2026-03-08)'",
    "select * from people where away @> '2026-05-01'::timestamptz",
    "select * from people where shifts && '[1980-01-01,1980-03-01)'::daterange",
    "select * from people where isempty(away) and served >> $1",
)


@pytest.fixture(scope="module")
def source(postgres):
    """A database that knows its values, and a monitoring role that may read none of them."""
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute("drop role if exists puller")
        connection.execute("create role puller login password 'w' in role pg_monitor")
        connection.execute("create database twin_source")
    dsn = postgres.dsn(dbname="twin_source")
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(SCHEMA)
        connection.execute("vacuum analyze")
    yield dsn
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute("drop database twin_source with (force)")
        connection.execute("drop role puller")


@pytest.fixture(scope="module")
def watcher_dsn(source, postgres):
    with psycopg.connect(source, autocommit=True) as connection:
        connection.execute(helper_sql("puller"))
    return postgres.dsn(dbname="twin_source", user="puller", password="w")


@pytest.fixture(scope="module")
def masked(watcher_dsn):
    return pull_masked(watcher_dsn)


def test_a_role_without_rights_is_told_what_an_administrator_may_run(postgres, source):
    with psycopg.connect(source, autocommit=True) as connection:
        connection.execute("create role stranger login password 's'")
    try:
        with pytest.raises(CannotLook, match="stranger may not read") as refused:
            pull(postgres.dsn(dbname="twin_source", user="stranger", password="s"))
        assert "failonce twin helper --role stranger" in refused.value.hint
    finally:
        with psycopg.connect(source, autocommit=True) as connection:
            connection.execute("drop role stranger")


def test_the_helper_lets_nobody_else_in_and_shows_no_row(source, postgres, watcher_dsn):
    with psycopg.connect(watcher_dsn, autocommit=True) as connection:
        assert connection.execute("select count(*) from failonce.column_statistics()").fetchone()[0] > 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select * from people")
    with psycopg.connect(source) as connection:
        connection.execute("create role nobody_special")
        connection.execute("set local role nobody_special")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select failonce.column_statistics()")
        connection.rollback()


def test_no_value_of_a_masked_column_is_in_the_file(source, masked, tmp_path):
    file.save(tmp_path / "unmasked.twin", pull(source))
    file.save(tmp_path / "masked.twin", masked)
    plain, hidden = (gzip.decompress((tmp_path / f"{n}.twin").read_bytes()).decode() for n in ("unmasked", "masked"))
    assert [c for c in CANARIES if c not in plain] == []
    assert [c for c in CANARIES if c in hidden] == []


def test_a_column_is_kept_by_choice_and_only_that(watcher_dsn):
    kept = pull_masked(watcher_dsn, keep=["people.card"])
    text = json.dumps([(c.common, c.bounds) for c in kept.columns])
    assert "4111111111111111" in text
    assert "canary-4111" not in text
    with pytest.raises(NotFound, match=r"no statistics of a column people\.shoe"):
        pull_masked(watcher_dsn, keep=["people.shoe"])


def test_masking_keeps_order_shares_and_equality(source, masked):
    for plain, hidden in zip(pull(source).columns, masked.columns, strict=True):
        assert (hidden.common_shares, hidden.correlation) in (
            (plain.common_shares, plain.correlation),
            (None, plain.correlation),
        )
        if plain.category in "NSD" and plain.bounds:
            assert len(set(hidden.bounds)) == len(set(plain.bounds))
            if plain.category == "N":
                assert [float(v) for v in hidden.bounds] == sorted(float(v) for v in hidden.bounds)
            else:
                assert list(hidden.bounds) == sorted(hidden.bounds)


def test_what_the_schema_spells_out_stays(masked):
    found = {
        c.column: set(c.common) for c in masked.columns if c.relation == "people" and c.column in ("status", "mood")
    }
    assert found == {"status": {"open", "closed"}, "mood": {"good", "bad"}}


def test_the_masked_twin_plans_as_the_database_itself(source, masked, tmp_path):
    file.save(tmp_path / "p.twin", masked)
    ratios = {}
    with psycopg.connect(source) as connection, up(file.load(tmp_path / "p.twin")) as running:
        assert running.gaps == ()
        for question in QUESTIONS:
            text = f"explain (generic_plan, verbose, format json) {question}"
            [([explained],)] = connection.execute(text.encode()).fetchall()
            real, planned = explained["Plan"], running.explain(question)
            assert [n["Node Type"] for n in nodes(planned)] == [n["Node Type"] for n in nodes(real)], question
            ratios[question] = planned["Total Cost"] / real["Total Cost"]
    assert {q: r for q, r in ratios.items() if not 0.95 <= r <= 1.05} == {}


def test_extended_statistics_are_the_same_to_the_bit(source):
    query = (
        "select stxname, stxdinherit, stxdndistinct::bytea, stxddependencies::bytea, stxdmcv::bytea, stxdexpr::text"
        " from pg_statistic_ext_data join pg_statistic_ext on oid = stxoid order by 1, 2"
    )
    with psycopg.connect(source) as connection, up(pull(source)) as running:
        expected = connection.execute(query).fetchall()
        with psycopg.connect(running.server.dsn()) as twin:
            assert twin.execute(query).fetchall() == expected


def test_statistics_of_ranges_are_the_same(source):
    query = (
        "select tablename, attname, range_bounds_histogram::text, range_length_histogram::text, range_empty_frac"
        " from pg_stats where range_empty_frac is not null order by 1, 2"
    )
    with psycopg.connect(source) as connection, up(pull(source)) as running:
        expected = connection.execute(query).fetchall()
        assert {name for _, name, *_ in expected} == {"away", "served", "names", "shifts"}
        with psycopg.connect(running.server.dsn()) as twin:
            assert twin.execute(query).fetchall() == expected


def test_what_only_a_tables_owner_sees_is_told(postgres, source):
    with psycopg.connect(source, autocommit=True) as connection:
        connection.execute("create role reader login password 'r' in role pg_read_all_data")
    try:
        blueprint = pull(postgres.dsn(dbname="twin_source", user="reader", password="r"))
        assert blueprint.columns
        assert blueprint.extended == ()
        told = [m for m in blueprint.missing if "which PostgreSQL shows to the table's owner only" in m]
        assert len(told) == 4
    finally:
        with psycopg.connect(source, autocommit=True) as connection:
            connection.execute("drop role reader")


def test_a_helper_of_an_earlier_version_still_serves(source, postgres, watcher_dsn):
    with psycopg.connect(source, autocommit=True) as connection:
        connection.execute("drop function failonce.expression_statistics()")
        try:
            blueprint = pull(watcher_dsn)
        finally:
            connection.execute(helper_sql("puller"))
    assert {e.name: e.expressions for e in blueprint.extended}["people_numbers"] == ()
    assert "statistics of the expressions of public.people_numbers" in blueprint.missing


def test_a_running_twin_takes_little_room(masked):
    with up(masked) as running:
        running.explain(QUESTIONS[0])
        size = sum(path.lstat().st_blocks * 512 for path in running.server.data_dir.rglob("*"))
    assert size < 12_000_000


def test_a_twin_is_entered_as_a_role_that_may_nothing_else(masked):
    with up(masked) as running, psycopg.connect(running.dsn, autocommit=True) as owner:
        for statement in (
            "copy people from '/etc/passwd'",
            "copy people to program 'true'",
            "select pg_read_file('/etc/passwd')",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                owner.execute(sql.SQL(statement))


def broken(path, how):
    head, body, _ = gzip.decompress(path.read_bytes()).split(b"\n")
    path.write_bytes(how(head, body))


@pytest.mark.parametrize(
    ("how", "says"),
    [
        (lambda head, body: b"select 1", "cannot be read"),
        (lambda head, body: gzip.compress(b"[]\n{}"), "it is no twin file"),
        (lambda head, body: gzip.compress(head + b"\n" + body.replace(b"people", b"peopla")), "not what was written"),
        (lambda head, body: gzip.compress(head.replace(b':1,"d', b':99,"d') + b"\n" + body), "a newer failonce"),
        (lambda head, body: gzip.compress(head + b"\n" + body)[:-40], "cannot be read"),
    ],
)
def test_a_file_that_is_not_what_was_written_is_refused(masked, tmp_path, how, says):
    path = tmp_path / "x.twin"
    file.save(path, masked)
    broken(path, how)
    with pytest.raises(CannotLook, match=says) as refused:
        file.load(path)
    assert "failonce twin pull" in refused.value.hint


def test_the_same_blueprint_makes_the_same_bytes(masked, tmp_path):
    for name in "ab":
        file.save(tmp_path / name, masked)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert file.load(tmp_path / "a") == masked
    with pytest.raises(NotFound):
        file.load(tmp_path / "c")
