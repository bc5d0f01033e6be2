"""NOT IN (SELECT ...) as NOT EXISTS.

What it sees
    `x NOT IN (SELECT y FROM ...)`, the inner SELECT without grouping or LIMIT.

Why it matters
    Because of NULLs PostgreSQL cannot make a join of NOT IN. A list that does not fit in work_mem is read again for
    each row: minutes, from one release or one bulk load to the next.

What to do
    Write NOT EXISTS, which is planned as an anti-join. With a NULL in `y` NOT IN gives no row at all, and so it is
    only proposed where generated rows, NULLs among them wherever the columns allow, give the same.

Example
    select id from recipes where id not in (select recipe_id from reviews)
    select id from recipes where not exists (select 1 from reviews where reviews.recipe_id = recipes.id)
"""

from __future__ import annotations

from sqlglot import exp

from failonce.guard.rewriting import Proposal, Question, only_reads_rows, qualify, sources, transformed
from failonce.structure import Structure

ID = "not-exists"


def propose(question: Question) -> Proposal | None:
    """Return the statement with NOT EXISTS."""
    return transformed(question, _change, "NOT EXISTS is planned as a join.")


def _change(tree: exp.Query, structure: Structure) -> exp.Query | None:
    changed = [_replaced(negation, structure) for negation in list(tree.find_all(exp.Not))]
    return tree if any(changed) else None


def _replaced(negation: exp.Not, structure: Structure) -> bool:
    asked, outer = negation.this.unnest(), negation.find_ancestor(exp.Select)
    query = asked.args.get("query") if isinstance(asked, exp.In) else None
    inner = query.unnest() if query is not None else None
    if outer is None or not isinstance(inner, exp.Select) or not only_reads_rows(inner):
        return False
    if len(inner.expressions) != 1 or inner.expressions[0].is_star:
        return False
    left, right = asked.this.copy(), inner.expressions[0].unalias().copy()
    asked.this.replace(left)
    if not (qualify(left, outer, structure) and qualify(right, inner, structure)):
        return False
    if {column.table for column in left.find_all(exp.Column)} & set(sources(inner) or ()):
        return False
    found = inner.copy()
    found.set("expressions", [exp.Literal.number(1)])
    found.set("order", None)
    found.where(exp.EQ(this=right, expression=left.copy()), copy=False)
    negation.set("this", exp.Exists(this=found))
    return True
