"""Statements are told apart by rows made up for them, or not; and the rows are those a schema takes."""

from random import Random

import psycopg
import pytest
from psycopg import sql

from failonce.lab.sameness import Differs, Scratch
from failonce.lab.sameness.rows import Filler
from failonce.lab.sameness.tables import read_tables
from failonce.lab.sameness.values import Values, constants
from failonce.model.errors import CannotPlan
from failonce.model.rewrite import Pair

SCHEMA = """
create type state as enum ('draft', 'published', 'gone');
create domain percent as int check (value between 40 and 60);
create table cooks (id int primary key, name text not null, nick varchar(3), boss int references cooks);
create table recipes (id bigint generated always as identity primary key, cook_id int not null references cooks,
    title text, state state not null default 'draft', minutes percent, price numeric(4, 2) check (price > 3),
    tags text[], doc jsonb, at timestamptz not null, at_local timestamp, slug text not null unique,
    length int generated always as (length(title)) stored);
create table loose (id int, cook_id int, other int not null);
create table days (day date not null, n int not null) partition by range (day);
create table days_2023 partition of days for values from ('2023-01-01') to ('2023-01-03');
create view famous as select c.id, count(*) as recipes from cooks c join recipes r on r.cook_id = c.id group by c.id;
create table odd (id int primary key, place point not null);
create table odder (id int primary key, place point);
create table never (id int not null check (id > 5 and id < 5));
create function noisy() returns int language sql volatile as 'select 1';
"""


@pytest.fixture(scope="module")
def scratch_dsn(postgres):
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute("create database sameness")
    dsn = postgres.dsn(dbname="sameness")
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(SCHEMA)
    yield dsn
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute("drop database sameness with (force)")


@pytest.fixture
def connection(scratch_dsn):
    with psycopg.connect(scratch_dsn, autocommit=True) as opened:
        yield opened


def same(connection, original, rewritten, keys=0):
    return Scratch(connection).same([Pair(original, rewritten, keys)])


@pytest.mark.parametrize(
    ("original", "rewritten"),
    [
        ("select id from cooks where id in (select cook_id from loose)",
         "select id from cooks c where exists (select from loose l where l.cook_id = c.id)"),
        ("select id from cooks where id not in (select cook_id from recipes)",
         "select id from cooks c where not exists (select from recipes r where r.cook_id = c.id)"),
        ("select id from recipes where at::date = $1",
         "select id from recipes where at >= $1::date and at < $1::date + 1"),
        ("select id from recipes where at > now() - interval '7 days'",
         "select id from recipes where now() - interval '7 days' < at"),
        ("select * from famous where recipes > 0", "select * from famous where recipes >= 1"),
        ("select title from recipes where state = 'gone' and tags @> array['x']",
         "select title from recipes where tags @> array['x'] and state = 'gone'"),
        ("select n from days where day = '2023-01-02'",
         "select n from days where day > '2023-01-01' and day < '2023-01-03'"),
    ],
)  # fmt: skip
def test_what_is_the_same_is_found_so(connection, original, rewritten):
    found = same(connection, original, rewritten)
    assert found.data_sets >= 8
    assert found.runs >= found.data_sets


@pytest.mark.parametrize(
    ("original", "rewritten"),
    [
        # NULLs: NOT IN a list with one gives nothing.
        ("select id from cooks where id not in (select cook_id from loose)",
         "select id from cooks c where not exists (select from loose l where l.cook_id = c.id)"),
        ("select other from loose where cook_id not in (select id from cooks)",
         "select other from loose l where not exists (select from cooks c where c.id = l.cook_id)"),
        ("select id from loose where not (cook_id = 3)", "select id from loose where cook_id is distinct from 3"),
        ("select count(*) from loose", "select count(cook_id) from loose"),
        # Duplicates.
        ("select distinct c.name from cooks c join recipes r on r.cook_id = c.id",
         "select c.name from cooks c where exists (select from recipes r where r.cook_id = c.id)"),
        ("select id from loose where cook_id = 1 or other = 1",
         "select id from loose where cook_id = 1 union select id from loose where other = 1"),
        ("select id from loose where cook_id = 1 or other = 1",
         "select id from loose where cook_id = 1 union all select id from loose where other = 1"),
        ("select c.id from cooks c where exists (select from loose l where l.cook_id = c.id)",
         "select c.id from cooks c join loose l on l.cook_id = c.id"),
        # Nothing there.
        ("select c.id, (select count(*) from loose l where l.cook_id = c.id) from cooks c",
         "select c.id, count(*) from cooks c left join loose l on l.cook_id = c.id group by 1"),
        ("select c.id, (select max(l.id) from loose l where l.cook_id = c.id) from cooks c",
         "select c.id, max(l.id) from cooks c join loose l on l.cook_id = c.id group by 1"),
        # Boundaries.
        ("select id from recipes where at::date between '2024-02-29' and '2024-03-01'",
         "select id from recipes where at between '2024-02-29' and '2024-03-01'"),
        ("select id from recipes where at > now() - interval '1 hour'",
         "select id from recipes where at >= now() - interval '1 hour'"),
        ("select id from recipes where date_trunc('month', at) = $1",
         "select id from recipes where at >= $1 and at < $1::timestamptz + interval '1 month'"),
        # A day has not always 24 hours.
        ("select id from recipes where at::date = '2024-03-10'",
         "select id from recipes where at >= '2024-03-10' and at < '2024-03-10'::timestamptz + interval '24 hours'"),
        ("select id from loose where lower(id::text) = '1'", "select id from loose where id = 2"),
        ("select name from cooks where name ilike 'ann%'", "select name from cooks where name like 'ann%'"),
        ("select id from cooks where nick = 'ab'", "select id from cooks where lower(nick) = 'ab'"),
        # A value sent along as another type.
        ("select id from recipes where at::date = $1", "select id from recipes where at >= $1 and at < $1"),
    ],
)  # fmt: skip
def test_what_only_looks_the_same_is_told_apart(connection, original, rewritten):
    with pytest.raises(Differs):
        same(connection, original, rewritten)


def test_the_order_counts_where_order_by_decides(connection):
    by_id, down = (f"select id, id from cooks order by id {way}" for way in ("", "desc"))
    same(connection, by_id, by_id, keys=1)
    with pytest.raises(Differs, match="another order"):
        same(connection, by_id, down, keys=1)
    same(connection, by_id, down)


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("select id from odd", "point"),
        ("select place from odder", "point"),
        ("select id from never", "constraints of never"),
        ("select id from cooks where id = noisy()", "noisy"),
        ("select id from cooks where random() < 1", "random"),
        ("select id from cooks where name = 'a' and name = 'b'", "did not reach"),
        ("select 1", "no table"),
        ("select nothing from cooks", "cannot be run"),
    ],
)
def test_what_cannot_be_shown_is_said(connection, sql, reason):
    with pytest.raises(CannotPlan, match=reason):
        same(connection, sql, sql)


def test_a_type_that_nobody_asks_for_may_stay_empty(connection):
    assert same(connection, "select id from odder where id > 1", "select id from odder where id >= 2").data_sets


def test_nothing_of_the_rows_stays_and_nothing_is_written(connection):
    same(connection, "select id from cooks", "select id from cooks")
    assert connection.execute("select count(*) from cooks").fetchone() == (0,)


def filled(connection, names, number):
    """Each table's rows in one data set."""
    tables = read_tables(connection, names)
    values = Values(connection, [rule for table in tables for rule in table.rules])
    filler = Filler(connection, tables, values, "")
    with connection.transaction(force_rollback=True):
        filler.fill(Random(number), number)
        query = "select to_jsonb(t) from {} t order by t::text"
        return {t.name: [row for (row,) in connection.execute(sql.SQL(query).format(sql.SQL(t.name)))] for t in tables}


def test_the_same_seed_makes_the_same_rows(connection):
    connection.execute("alter sequence recipes_id_seq restart")
    assert filled(connection, ["recipes"], 6) == filled(connection, ["recipes"], 6)


def test_rows_keep_the_rules_and_try_their_edges(connection):
    sets = [filled(connection, ["recipes"], number) for number in range(32)]
    assert list(sets[0]) == ["cooks", "recipes"]
    cooks, recipes = ([row for each in sets for row in each[name]] for name in ("cooks", "recipes"))
    assert {len(each["recipes"]) for each in sets} >= {0, 1}
    assert max(len(each["recipes"]) for each in sets) > 20
    assert {row["state"] for row in recipes} == {"draft", "published", "gone"}
    assert {40, 60} <= {row["minutes"] for row in recipes} <= {None, *range(40, 61)}
    assert None in {row["title"] for row in recipes}
    assert {"-infinity", "infinity", "0001-01-01T00:00:00+00:00"} & {row["at"] for row in recipes}
    assert any(row["boss"] is not None for row in cooks)
    titles = [[row["title"] for row in each["recipes"]] for each in sets]
    assert any(len(each) > len(set(each)) for each in titles)


def test_partitions_are_filled_within_their_bounds(connection):
    assert any(filled(connection, ["days"], number)["days"] for number in range(10))


def test_constants_are_read_wherever_they_stand():
    assert list(constants("a = 'x' and b in (1, 2.5) -- 'no'\n and \"c 7\" = $1")) == ["x", "1", "2.5"]
