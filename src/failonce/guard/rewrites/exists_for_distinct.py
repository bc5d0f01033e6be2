"""DISTINCT over a join as EXISTS.

What it sees
    SELECT DISTINCT whose list and order name one table only, while others are joined to it: they are asked whether
    there is a row, and DISTINCT takes away what the join multiplied.

Why it matters
    All matches are joined, carried and sorted, to be thrown away.

What to do
    Ask with EXISTS. DISTINCT goes as well where the list holds a key of the table.

Example
    select distinct c.id, c.name from cooks c join recipes r on r.cook_id = c.id where r.cuisine = $1
    select c.id, c.name from cooks c where exists (select 1 from recipes r where r.cook_id = c.id and r.cuisine = $1)
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from failonce.guard.rewriting import Proposal, Question, conditions, key_of, qualify, sources, transformed
from failonce.structure import Structure

ID = "exists-for-distinct"
_SHAPED = ("group", "having", "windows", "with_", "with")


def propose(question: Question) -> Proposal | None:
    """Return the statement with EXISTS."""
    return transformed(question, _change, "EXISTS looks for one match and multiplies no row.")


def _change(tree: exp.Query, structure: Structure) -> exp.Query | None:
    if not isinstance(tree, exp.Select) or not _is_distinct_join(tree):
        return None
    read, joins = sources(tree), tree.args["joins"]
    if read is None or any(e.is_star and not isinstance(e, exp.Column) for e in tree.expressions):
        return None
    stars = [e for e in tree.expressions if e.is_star]
    others = [e for e in tree.find_all(exp.Column) if not e.is_star]
    if not all(qualify(column, tree, structure) for column in others):
        return None
    kept = {c.table for part in _outer_parts(tree) for c in part.find_all(exp.Column)} | {s.table for s in stars}
    if len(kept) != 1 or any(join.args.get("on") is None for join in joins):
        return None
    return _with_exists(tree, kept.pop(), read, structure)


def _is_distinct_join(tree: exp.Select) -> bool:
    distinct, joins = tree.args.get("distinct"), tree.args.get("joins")
    if not distinct or distinct.args.get("on") or not joins or any(tree.args.get(part) for part in _SHAPED):
        return False
    inner = all(not join.side and join.kind in ("", "INNER") for join in joins)
    return inner and tree.find(exp.Subquery, exp.AggFunc, exp.Window, exp.Exists) is None


def _outer_parts(tree: exp.Select) -> list[exp.Expr]:
    order = tree.args.get("order")
    return [*tree.expressions, *(order.expressions if order else ())]


def _with_exists(tree: exp.Select, kept: str, read: dict[str, str], structure: Structure) -> exp.Select:
    start = tree.args.get("from_") or tree.args["from"]
    tables = {table.alias_or_name: table for table in (start.this, *(join.this for join in tree.args["joins"]))}
    asked = [*(part for join in tree.args["joins"] for part in _flat(join.args["on"])), *conditions(tree)]
    outside = [c for c in asked if {column.table for column in c.find_all(exp.Column)} <= {kept}]
    first, *more = (table.copy() for name, table in tables.items() if name != kept)
    inner = exp.select("1").from_(first)
    for table in more:
        inner = inner.join(table, join_type="cross")
    inner = inner.where(*(c.copy() for c in asked if c not in outside))
    start.set("this", tables[kept].copy())
    tree.set("joins", None)
    tree.set("where", None)
    if _holds_key(tree, kept, read[kept], structure):
        tree.set("distinct", None)
    return tree.where(*(c.copy() for c in outside), exp.Exists(this=inner), copy=False)


def _flat(condition: exp.Expr) -> Sequence[exp.Expr]:
    return list(condition.flatten()) if isinstance(condition, exp.And) else [condition]


def _holds_key(tree: exp.Select, kept: str, table: str, structure: Structure) -> bool:
    """Tell whether no row of the list can come twice."""
    if any(e.is_star for e in tree.expressions):
        return any(True for _ in key_of(table, structure))
    listed = {e.unalias().name for e in tree.expressions if isinstance(e.unalias(), exp.Column)}
    return any(set(key) <= listed for key in key_of(table, structure))
