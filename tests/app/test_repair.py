"""From a diagnosis to a remedy: a twin is made where a plan can prove it, and the remedy stands without one too."""

from dataclasses import replace

import psycopg
import pytest

from failonce.app.repair import propose
from failonce.model.diagnosis import Culprit, Evidence, Link, LinkKind, Pointer
from failonce.model.target import Target
from fix_incident import missing_index_incident

SCHEMA = """
create table orders (id int primary key, note text);
insert into orders select i, repeat('x', 40) || i from generate_series(1, 60000) i;
analyze;
"""


def set_off(cause):
    known = missing_index_incident().diagnosis
    pointer = Pointer("catalog", known.onset_at, known.onset_at, "enable_indexscan")
    # Both: a bitmap of the same index would do nearly as well.
    said = "enable_indexscan was on and is off, enable_bitmapscan was on and is off."
    told = Evidence(said, "off", "on", "", pointer)
    culprit = Culprit("select note from orders where id = ?", "f" * 16, ("orders",), None, (4711,))
    return replace(known, cause=cause, chain=(Link(LinkKind.CAUSE, cause, "It did.", (told,)),), culprit=culprit)


@pytest.fixture
def filled(database):
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(SCHEMA)
    return database


def test_a_changed_setting_is_asked_of_a_twin(filled):
    remedy, blueprint = propose(Target("shop", filled, operator_dsn=filled), set_off("plan-flip"), [].append)
    assert (remedy.kind, remedy.proof.where) == ("set-back", "twin")
    assert "orders" in {relation.name for relation in blueprint.relations}


def test_a_twin_that_cannot_be_made_is_told_and_the_setting_is_set_back_all_the_same(filled):
    nowhere = filled.replace("dbname=", "dbname=not_")
    remedy, _ = propose(Target("shop", filled, operator_dsn=nowhere), set_off("plan-flip"), [].append)
    assert remedy.sql == "ALTER SYSTEM SET enable_indexscan = 'on'"
    assert remedy.unproven.startswith("No twin could be made: ")


def test_what_no_plan_can_prove_needs_no_twin(filled):
    told = []
    remedy, blueprint = propose(Target("shop", filled, operator_dsn=filled), set_off("table-bloat"), told.append)
    assert (blueprint, told) == (None, [])
    assert remedy is None or remedy.proof is None
