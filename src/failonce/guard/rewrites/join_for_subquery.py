"""A subquery for each row of the list as one join.

What it sees
    `(SELECT count(*) FROM ... WHERE inner = outer)` in a select list: one aggregate, tied to the outer row by equality.

Why it matters
    It is run once for each row of the result. For a page of twenty that is right; for an export, a report or a sort
    over all rows it is the same table read a thousand times.

What to do
    Group the inner table once and join it. A count of nothing is 0, so it stands in coalesce.

Example
    select c.id, (select count(*) from recipes r where r.cook_id = c.id) from cooks c
    select c.id, coalesce(s.value, 0) from cooks c left join (select cook_id, count(*) as value from recipes group by
    cook_id) s on s.cook_id = c.id
"""

from __future__ import annotations

from sqlglot import exp

from failonce.guard.rewriting import Proposal, Question, conditions, owner, qualify, sources, transformed
from failonce.structure import Structure

ID = "join-for-subquery"
_SHAPED = ("group", "having", "distinct", "limit", "offset", "windows", "order", "with_", "with")


def propose(question: Question) -> Proposal | None:
    """Return the statement with a join."""
    return transformed(question, _change, "The inner table is grouped once, not read for each row.")


def _change(tree: exp.Query, structure: Structure) -> exp.Query | None:
    if not isinstance(tree, exp.Select) or sources(tree) is None or _is_shaped(tree):
        return None
    found = [s for e in tree.expressions for s in e.find_all(exp.Subquery) if s.find_ancestor(exp.Select) is tree]
    outer, count = tree.copy(), 0
    for subquery in found:
        joined = _joined(outer, subquery, structure, f"sub_{count + 1}")
        if joined is not None:
            table, on, name = joined
            tree.join(table, on=exp.and_(*on), join_type="left", join_alias=name, copy=False)
            count += 1
    return tree if count else None


def _is_shaped(tree: exp.Select) -> bool:
    """Tell whether a join would change more than the row: a star that takes its columns, a group, a comma in FROM."""
    commas = any(not join.args.get("on") and not join.kind for join in tree.args.get("joins") or ())
    stars = any(isinstance(e, exp.Star) for e in tree.expressions)
    return commas or stars or bool(tree.args.get("group"))


def _joined(
    outer: exp.Select, subquery: exp.Subquery, structure: Structure, name: str
) -> tuple[exp.Select, list[exp.Expr], str] | None:
    """Put a column in a subquery's place; return the table it is of, on what that is joined, and its name."""
    inner = subquery.unnest()
    if not isinstance(inner, exp.Select) or len(inner.expressions) != 1 or any(inner.args.get(p) for p in _SHAPED):
        return None
    value = inner.expressions[0].unalias()
    ties = [(c, tie) for c in conditions(inner) if (tie := _tie(c, inner, outer, structure))]
    rest = [c for c in conditions(inner) if all(c is not tied for tied, _ in ties)]
    parts = [value, *rest, *(join.args["on"] for join in inner.args.get("joins") or () if join.args.get("on"))]
    if not ties or not isinstance(value, exp.AggFunc) or not all(_is_own(part, inner, structure) for part in parts):
        return None
    on: list[exp.Expr] = []
    for number, (_, (_, outside)) in enumerate(ties, start=1):
        on.append(exp.EQ(this=exp.column(f"key_{number}", name), expression=outside))
    subquery.replace(_column(value, name, is_whole=isinstance(subquery.parent, exp.Select)))
    return _grouped(inner, value, [own for _, (own, _) in ties], rest), on, name


def _column(value: exp.Expr, table: str, *, is_whole: bool) -> exp.Expr:
    """Return what stands where an aggregate's subquery stood, under the name it had: a count of nothing is 0."""
    column: exp.Expr = exp.column("value", table)
    if isinstance(value, exp.Count):
        column = exp.Coalesce(this=column, expressions=[exp.Literal.number(0)])
    return exp.alias_(column, value.key) if is_whole else column


def _grouped(inner: exp.Select, value: exp.Expr, keys: list[exp.Column], rest: list[exp.Expr]) -> exp.Select:
    select = inner.copy()
    named = [exp.alias_(key.copy(), f"key_{n}") for n, key in enumerate(keys, start=1)]
    select.set("expressions", [*named, exp.alias_(value.copy(), "value")])
    select.set("where", None)
    return select.where(*(c.copy() for c in rest), copy=False).group_by(*(key.copy() for key in keys), copy=False)


def _tie(
    condition: exp.Expr, inner: exp.Select, outer: exp.Select, structure: Structure
) -> tuple[exp.Column, exp.Column] | None:
    """Return the inner and the outer column that a condition makes equal."""
    if not isinstance(condition, exp.EQ):
        return None
    for one, two in ((condition.this, condition.expression), (condition.expression, condition.this)):
        if not (isinstance(one, exp.Column) and isinstance(two, exp.Column)):
            return None
        if owner(one, inner, structure) and not owner(two, inner, structure):
            outside = two.copy()
            return (one, outside) if qualify(exp.paren(outside, copy=False), outer, structure) else None
    return None


def _is_own(part: exp.Expr, inner: exp.Select, structure: Structure) -> bool:
    """Tell whether an expression speaks of the inner tables alone."""
    return part.find(exp.Query) is None and all(owner(c, inner, structure) for c in part.find_all(exp.Column))
