"""Which index a plan asks for."""

import pytest

from failonce.remedy.candidates import candidates
from failonce.remedy.create_index import name_of


def scan(condition, relation="reviews", **more):
    return {"Node Type": "Seq Scan", "Relation Name": relation, "Filter": condition, **more}


def sort(keys, child):
    return {"Node Type": "Limit", "Plans": [{"Node Type": "Sort", "Sort Key": keys, "Plans": [child]}]}


@pytest.mark.parametrize(
    ("plan", "columns"),
    [
        (scan("(recipe_id = $1)"), "recipe_id"),
        (sort(["reviews.created_at DESC"], scan("(recipe_id = $1)")), "recipe_id, created_at DESC"),
        (scan("(((status)::text = ($1)::text) AND (cook_id = $2))"), "cook_id, status"),
        (scan("((cook_id = $1) AND (created_at > $2))"), "cook_id, created_at"),
        (scan("(lower(title) = $1)", "recipes"), "(lower(title))"),
        ({"Node Type": "Index Scan", **scan("(product_id = $1)", "items")}, "product_id"),
    ],
)
def test_equality_first_then_order_then_range(plan, columns):
    assert candidates(plan)[0].endswith(f"({columns})")


@pytest.mark.parametrize(
    "plan",
    [
        {"Node Type": "Seq Scan", "Relation Name": "reviews"},
        scan("((a = $1) OR (b = $2))"),
        scan("(a = b)"),
        scan("(title ~~ $1)"),
        scan("not even (a condition"),
    ],
)
def test_no_index_is_guessed_where_none_follows(plan):
    assert candidates(plan) == ()


def test_a_candidate_can_be_undone_by_its_name():
    sql = candidates(scan("(recipe_id = $1)"))[0]
    assert name_of(sql) == "reviews_recipe_id_idx"
    assert "CONCURRENTLY" in sql
