"""What scans are after, read from plans as PostgreSQL prints them; and the candidates that follow."""

import pytest

from failonce.remedy.advice.needs import needs
from failonce.remedy.advice.statement import candidates
from failonce.remedy.create_index import name_of


def scan(condition, relation="reviews", alias="r", **more):
    node = {"Node Type": "Seq Scan", "Schema": "public", "Relation Name": relation, "Alias": alias}
    return {**node, "Total Cost": 10.0, "Filter": condition, **more}


def sort(keys, child):
    return {"Node Type": "Limit", "Plans": [{"Node Type": "Sort", "Sort Key": keys, "Plans": [child]}]}


def bodies(plan, few=()):
    return [sql.partition(" USING ")[2] for sql in candidates(needs(plan, {}, few))]


@pytest.mark.parametrize(
    ("plan", "body"),
    [
        (scan("(r.recipe_id = $1)"), "btree (recipe_id)"),
        (sort(["r.created_at DESC"], scan("(r.recipe_id = $1)")), "btree (recipe_id, created_at DESC)"),
        (scan("(((r.status)::text = ($1)::text) AND (r.cook_id = $2))"), "btree (status, cook_id)"),
        (scan("((r.cook_id = $1) AND (r.created_at > $2))"), "btree (cook_id, created_at)"),
        (scan("(lower((r.title)::text) = $1)"), "btree ((lower((title)::text)))"),
        (scan("((r.data ->> 'k'::text) = $1)"), "btree (((data ->> 'k'::text)))"),
        (scan("((r.title)::text ~~ 'soup%'::text)"), "btree (title text_pattern_ops)"),
        (scan("((r.title)::text ~~* '%soup%'::text)"), "gin (title gin_trgm_ops)"),
        (scan("(r.data @> $1)"), "gin (data jsonb_path_ops)"),
        (scan("(r.created_at >= (now() - '1 day'::interval))"), "brin (created_at)"),
        (scan("((r.deleted_at IS NULL) AND (r.cook_id = $1))"), "btree (cook_id) WHERE deleted_at IS NULL"),
        (scan("((r.a = $1) OR (r.b = $2))"), "btree (b)"),
    ],
)
def test_each_kind_of_condition_has_its_index(plan, body):
    assert body in [each.replace("(deleted_at IS NULL)", "deleted_at IS NULL") for each in bodies(plan)]


def test_a_constant_limits_an_index_only_where_it_may_always_be_there():
    plan = scan("((r.state = 'open'::text) AND (r.cook_id = $1))")
    assert not any("WHERE" in body for body in bodies(plan))
    assert any("WHERE" in body for body in bodies(plan, {"reviews.state"}))


def test_a_join_asks_for_its_columns_on_both_sides():
    inner = scan("(o.state = $1)", "orders", "o")
    outer = {k: v for k, v in scan("", "customers", "c").items() if k != "Filter"}
    plan = {"Node Type": "Hash Join", "Hash Cond": "(o.customer_id = c.id)", "Plans": [inner, outer]}
    found = {need.relation: need.joined for need in needs(plan, {})}
    assert found == {"orders": ["customer_id"], "customers": ["id"]}


def test_a_partition_speaks_for_its_parent():
    plan = scan("(e.kind = $1)", "events_2026", "e")
    assert [need.relation for need in needs(plan, {"events_2026": "events"})] == ["events"]


@pytest.mark.parametrize(
    "plan", [{**scan(""), "Filter": "(r.a = r.b)"}, scan("(hashed SubPlan 1)"), scan("not even (a")]
)
def test_no_index_is_guessed_where_none_follows(plan):
    assert bodies(plan) == []


def test_a_candidate_can_be_undone_by_its_name():
    for sql, candidate in candidates(needs(scan("(r.recipe_id = $1)"), {})).items():
        assert name_of(sql) == candidate.name
        assert "CONCURRENTLY" in sql
