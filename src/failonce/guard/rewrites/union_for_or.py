"""OR over two columns as two statements.

What it sees
    A condition `a = ... OR b = ...` that must hold by itself, in a SELECT that gives the rows it finds.

Why it matters
    When the columns are of two tables, no index serves both sides: everything is joined first and filtered then. Each
    side alone is a look-up.

What to do
    UNION ALL of both, the second without the rows of the first. What it is ordered by must be in the list.

Example
    select v.id from reviews v join recipes r on r.id = v.recipe_id where v.cook_id = $1 or r.cook_id = $1
    select ... where v.cook_id = $1 union all select ... where r.cook_id = $1 and (v.cook_id = $1) is not true
"""

from __future__ import annotations

from sqlglot import exp

from failonce.guard.rewriting import Proposal, Question, conditions, only_reads_rows, sources, transformed
from failonce.structure import Structure

ID = "union-for-or"


def propose(question: Question) -> Proposal | None:
    """Return the statement as a UNION ALL."""
    return transformed(question, _change, "Each side of the OR is looked up by itself.")


def _change(tree: exp.Query, structure: Structure) -> exp.Query | None:
    tails = {part: tree.args.get(part) for part in ("order", "limit", "offset")}
    bare = tree.copy()
    for part in tails:
        bare.set(part, None)
    if not isinstance(bare, exp.Select) or not only_reads_rows(bare):
        return None
    choices = [c for c in conditions(bare) if isinstance(c.unnest(), exp.Or)]
    if len(choices) != 1 or not _is_in_list(tails["order"], bare):
        return None
    one, two = _sides(choices[0].unnest())
    if {c.sql() for c in one.find_all(exp.Column)} == {c.sql() for c in two.find_all(exp.Column)}:
        return None
    second = exp.and_(two, exp.Not(this=exp.Is(this=exp.paren(one.copy()), expression=exp.true())))
    union = exp.union(_with(bare, choices[0], one), _with(bare, choices[0], second), distinct=False)
    for part, value in tails.items():
        union.set(part, value)
    return union


def _sides(choice: exp.Expr) -> tuple[exp.Expr, exp.Expr]:
    """Return the first side, and all others together."""
    first, *others = choice.flatten()
    return first.copy(), exp.or_(*(other.copy() for other in others))


def _with(select: exp.Select, choice: exp.Expr, side: exp.Expr) -> exp.Select:
    kept = [side if c is choice else c.copy() for c in conditions(select)]
    copy = select.copy()
    copy.set("where", None)
    return copy.where(*kept, copy=False)


def _is_in_list(order: exp.Expr | None, select: exp.Select) -> bool:
    """Tell whether a UNION can be ordered by it: by names of the list without their tables."""
    if order is None:
        return True
    columns = [ordered.this for ordered in order.expressions]
    if not all(isinstance(c, exp.Column) for c in columns):
        return False
    if any(e.is_star for e in select.expressions):
        listed = len(sources(select) or ()) == 1
    else:
        names = [e.alias_or_name for e in select.expressions]
        listed = all(names.count(c.name) == 1 for c in columns)
    for column in columns if listed else ():
        column.set("table", None)
    return listed
