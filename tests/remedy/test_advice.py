"""Advice on a real twin: what the planner takes is kept, what is there or does not help is not."""

import psycopg
import pytest

from failonce.lab.twin import up
from failonce.lab.twin.pull import pull
from failonce.remedy.advice.statement import advise
from failonce.remedy.advice.workload import advise_all

SCHEMA = """
create extension if not exists pg_trgm;
create table orders (id int primary key, customer_id int, state text, placed_at timestamptz, email text, code text,
                     data jsonb, deleted_at timestamptz, total int);
insert into orders select i, i % 5000, case when i % 200 = 0 then 'open' else 'done' end,
       '2026-01-01'::timestamptz + i * interval '1 min', 'User' || i || '@example.org', 'C' || i,
       jsonb_build_object('kind', 'k' || i % 50000), case when i % 100 > 0 then now() end, i % 97
  from generate_series(1, 100000) i;
create index orders_customer on orders (customer_id, placed_at);
create table logs (at timestamptz not null, level int, message text) partition by range (at);
create table logs_1 partition of logs for values from ('2026-01-01') to ('2026-02-01');
create table logs_2 partition of logs for values from ('2026-02-01') to ('2026-03-01');
insert into logs select '2026-01-01'::timestamptz + i * interval '40 s', i % 500, 'm' from generate_series(1, 100000) i;
"""


@pytest.fixture(scope="module")
def planner(postgres):
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute("create database advised locale 'C.UTF-8' template template0")
    with psycopg.connect(postgres.dsn(dbname="advised"), autocommit=True) as connection:
        connection.execute(SCHEMA)
        connection.execute("vacuum analyze")
    with up(pull(postgres.dsn(dbname="advised"))) as running:
        yield running
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute("drop database advised with (force)")


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("select * from orders where email = $1", "btree (email)"),
        ("select * from orders where lower(email) = $1", "btree ((lower(email)))"),
        ("select * from orders where code like 'C7777%'", "btree (code text_pattern_ops)"),
        ("select * from orders where email like '%r777@%'", "gin (email gin_trgm_ops)"),
        ('select * from orders where data @> \'{"kind": "k7"}\'', "gin (data jsonb_path_ops)"),
        ("select * from orders where data ->> 'kind' = $1", "btree (((data ->> 'kind'::text)))"),
        ("select id from orders where state = 'open' and placed_at < $1 order by placed_at limit 20", "WHERE"),
        ("select * from logs where level = $1", "ON logs USING btree (level)"),
    ],
)
def test_the_index_of_the_right_kind_is_found(planner, query, index):
    advice = advise(query, planner)
    assert index in advice.statements[-1]
    assert advice.cost_after <= advice.cost_before / 2
    assert advice.bytes > 0
    assert "Each INSERT into" in advice.writes
    proof = planner.plan(query, advice.statements)
    assert proof.cost == pytest.approx(advice.cost_after)


@pytest.mark.parametrize(
    "query",
    [
        "select * from orders where customer_id = $1 order by placed_at",
        "select * from orders where id = $1",
        "select count(*) from orders",
        "select state, sum(total) from orders group by state",
        "select * from orders where total < 90",
        "insert into orders (id) values ($1)",
    ],
)
def test_nothing_is_proposed_where_nothing_would_help(planner, query):
    assert advise(query, planner) is None


def test_two_indexes_of_which_none_helps_alone_are_found_together(planner):
    advice = advise("select id from orders where email = $1 or code = $2", planner)
    assert sorted(sql.partition(" USING ")[2] for sql in advice.statements) == ["btree (code)", "btree (email)"]


def test_no_index_is_added_for_what_is_left_of_a_cured_statement(planner):
    query = "select o.total from orders o join orders p on p.id = o.customer_id where o.email = $1"
    assert len(advise(query, planner).statements) == 1


def test_an_index_that_is_there_is_not_proposed_again(planner):
    wanted = ("customer_id", "customer_id, placed_at", "customer_id, total", "nothing")
    statements = {f"CREATE INDEX CONCURRENTLY i{n} ON orders ({keys})": () for n, keys in enumerate(wanted)}
    with planner.weigh(statements) as scales:
        assert [sql.split()[3] for sql in scales.bytes_of] == ["i2"]
        there, there_too, unknown = (scales.refused[sql] for sql in statements if sql in scales.refused)
    assert unknown == 'column "nothing" does not exist'
    assert there == there_too == "the index orders_customer is that already"


def test_many_statements_share_what_fits(planner):
    queries = {"select * from orders where email = $1": 1.0, "select * from orders where code = $1": 1.0}
    whole = advise_all(queries, planner, most_bytes=100_000_000)
    tight = advise_all(queries, planner, most_bytes=whole.bytes - 1)
    assert (len(whole.statements), len(tight.statements)) == (2, 1)
    assert whole.cost_after < tight.cost_after < whole.cost_before


@pytest.mark.parametrize("often", ["email", "code"])
def test_what_is_called_most_comes_first(planner, often):
    queries = {f"select * from orders where {c} = $1": 50.0 if c == often else 1.0 for c in ("email", "code")}
    whole = advise_all(queries, planner, most_bytes=100_000_000)
    [only] = advise_all(queries, planner, most_bytes=whole.bytes - 1).statements
    assert f"btree ({often})" in only
