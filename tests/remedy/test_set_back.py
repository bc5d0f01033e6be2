"""A setting set back is proven on a real twin: the culprit's plan with the former value and with the present one."""

from dataclasses import replace

import psycopg
import pytest

from failonce.lab.twin import up
from failonce.lab.twin.pull import pull_masked
from failonce.model.diagnosis import Culprit, Evidence, Link, LinkKind, Pointer
from failonce.remedy.set_back import changes, propose
from fix_incident import missing_index_incident

SCHEMA = """
create table orders (id int primary key, state text, note text);
insert into orders select i, case when i % 1000 = 0 then 'open' else 'done' end, repeat('x', 40) || i
  from generate_series(1, 60000) i;
create table items (id int primary key, order_id int not null, product text);
insert into items select i, 1 + i % 60000, repeat('y', 40) || i from generate_series(1, 180000) i;
create index on orders (state);
create index on items (order_id);
"""
OPEN = "select o.id, i.product from orders o join items i on i.order_id = o.id where o.note = ?"
PAGE = "select o.id, i.product from orders o join items i on i.order_id = o.id where o.id between ? and ? limit ?"
NOT_IN = "select id from orders where id < ? and id not in (select order_id from items)"
SORTED = "select id, note from orders order by note"


@pytest.fixture(scope="module")
def planner(postgres):
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute("create database set_back")
    with psycopg.connect(postgres.dsn(dbname="set_back"), autocommit=True) as connection:
        connection.execute(SCHEMA)
        connection.execute("vacuum analyze")
    with up(pull_masked(postgres.dsn(dbname="set_back"))) as running:
        yield running
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute("drop database set_back with (force)")


def blamed(cause, query, *told):
    """A diagnosis that names these changes, the first of them with the cause."""
    known = missing_index_incident().diagnosis
    name, before, now, _ = told[0]
    words = [f"{n} was {b} and is {v}{f' for {s}' if s else ''}" for n, b, v, s in told]
    pointer = Pointer("catalog", known.onset_at, known.onset_at, name)
    chain = (
        Link(LinkKind.TRIGGER, "setting-changed", f"A setting changed: {', '.join(words)}.", ()),
        Link(LinkKind.CAUSE, cause, "It did.", (Evidence(f"{words[0]}.", now, before, "", pointer),)),
    )
    culprit = Culprit(query, "f" * 16, ("orders", "items"), None, (4711,)) if query else None
    return replace(known, cause=cause, chain=chain, culprit=culprit)


NESTED_LOOP = ("enable_nestloop", "on", "off", "role shop")


def test_a_plan_that_becomes_cheap_again_proves_it(planner):
    remedy = propose(blamed("plan-flip", OPEN, NESTED_LOOP), planner)
    assert remedy.sql == "ALTER ROLE shop RESET enable_nestloop"
    assert remedy.unproven is None
    assert remedy.proof.where == "twin"
    assert remedy.proof.after.cost <= remedy.proof.before.cost / 2
    assert "Nested Loop" in remedy.proof.after.plan
    assert "Nested Loop" not in remedy.proof.before.plan
    assert f"from {remedy.proof.before.cost:,.0f} to {remedy.proof.after.cost:,.0f}, " in remedy.statement


def test_memory_that_a_hash_needs_proves_it(planner):
    """A subquery whose hash does not fit is run for every row."""
    remedy = propose(blamed("temp-files", NOT_IN, ("work_mem", "64MB", "64kB", "")), planner)
    assert remedy.sql == "ALTER SYSTEM SET work_mem = '64MB'"
    assert "hashed SubPlan" in remedy.proof.after.plan
    assert "hashed SubPlan" not in remedy.proof.before.plan


def test_a_plan_that_stays_proves_nothing_and_says_so(planner):
    """The planner sorts with little memory as with much: only the run spills."""
    remedy = propose(blamed("temp-files", SORTED, ("work_mem", "64MB", "8MB", "")), planner)
    assert remedy.sql
    assert remedy.proof is None
    assert remedy.unproven.startswith("With the former value it is planned as it is now (")
    assert remedy.unproven.endswith("the temporary blocks per call that follow tell.")


def test_another_plan_that_is_hardly_cheaper_proves_nothing(planner):
    remedy = propose(blamed("plan-flip", PAGE, NESTED_LOOP), planner)
    assert remedy.proof is None
    assert "in another way, and hardly cheaper" in remedy.unproven


def test_all_that_changed_is_set_back_for_the_plan(planner):
    """Beside the one that is named; what no session may set is left as it is."""
    beside = ("enable_hashjoin", "on", "off", ""), ("shared_buffers", "16MB", "32MB", "")
    remedy = propose(blamed("plan-flip", OPEN, NESTED_LOOP, *beside), planner)
    alone = propose(blamed("plan-flip", OPEN, NESTED_LOOP), planner)
    assert remedy.proof.before.cost > alone.proof.before.cost
    assert remedy.proof.after == alone.proof.after
    assert remedy.afterwards == (
        "Likewise: ALTER SYSTEM SET enable_hashjoin = 'on'",
        "Likewise: ALTER SYSTEM SET shared_buffers = '16MB'",
    )


def test_what_the_twin_cannot_plan_is_proposed_all_the_same(planner):
    remedy = propose(blamed("plan-flip", "select nothing_there from orders", NESTED_LOOP), planner)
    assert remedy.sql == "ALTER ROLE shop RESET enable_nestloop"
    assert remedy.unproven.startswith("It could not be planned: the twin cannot plan this statement")


def test_nothing_of_a_trial_stays(planner):
    before = planner.plan(OPEN)
    propose(blamed("plan-flip", OPEN, NESTED_LOOP), planner)
    assert planner.plan(OPEN) == before


@pytest.mark.parametrize("query", [OPEN, None], ids=["no planner", "no statement"])
def test_without_a_plan_it_says_that_none_was_asked_for(query):
    remedy = propose(blamed("plan-flip", query, NESTED_LOOP), None)
    assert remedy.unproven == "It was not planned with the former value; the blocks per call that follow tell."


def test_the_setting_that_is_named_comes_first():
    found = blamed("plan-flip", OPEN, NESTED_LOOP, ("jit", "off", "on", ""))
    turned = replace(
        found,
        chain=(
            replace(found.chain[0], statement="jit was off and is on, " + found.chain[0].statement),
            *found.chain[1:],
        ),
    )
    assert [change.name for change in changes(turned)][:2] == ["enable_nestloop", "jit"]
    assert changes(replace(found, cause="stale-statistics")) == []
