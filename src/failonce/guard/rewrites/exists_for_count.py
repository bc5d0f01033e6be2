"""count(*) > 0 as EXISTS.

What it sees
    A count that is only compared with 0 or 1: in WHERE, in the select list, or as the whole statement.

Why it matters
    All rows are read to learn whether there is one.

What to do
    Ask with EXISTS, which ends at the first row.

Example
    select count(*) > 0 from reviews where cook_id = $1
    select exists (select 1 from reviews where cook_id = $1)
"""

from __future__ import annotations

from sqlglot import exp

from failonce.guard.rewriting import Proposal, Question, transformed
from failonce.structure import Structure

ID = "exists-for-count"
_SOME = {(exp.GT, "0"), (exp.GTE, "1"), (exp.NEQ, "0")}
_NONE = {(exp.EQ, "0"), (exp.LT, "1"), (exp.LTE, "0")}
_MIRRORED = {exp.GT: exp.LT, exp.LT: exp.GT, exp.GTE: exp.LTE, exp.LTE: exp.GTE}
_SHAPED = ("group", "having", "distinct", "limit", "offset", "windows")


def propose(question: Question) -> Proposal | None:
    """Return the statement with EXISTS."""
    return transformed(question, _change, "EXISTS ends at the first row.")


def _change(tree: exp.Query, structure: Structure) -> exp.Query | None:
    if isinstance(tree, exp.Select) and len(tree.expressions) == 1:
        whole = tree.expressions[0].unalias().unnest()
        asked = _asked(whole)
        if asked is not None and isinstance(asked[0], exp.Count):
            answer = _answer(tree, *asked)
            name = tree.expressions[0].alias
            return None if answer is None else exp.select(exp.alias_(answer, name) if name else answer)
    changed = [_replaced(compared) for compared in list(tree.find_all(exp.Binary)) if compared.parent is not None]
    return tree if any(changed) else None


def _replaced(compared: exp.Expr) -> bool:
    asked = _asked(compared)
    inner = asked[0].unnest() if asked is not None and isinstance(asked[0], exp.Subquery) else None
    if asked is None or not isinstance(inner, exp.Select) or len(inner.expressions) != 1:
        return False
    answer = _answer(inner, inner.expressions[0].unalias(), asked[1])
    if answer is None:
        return False
    compared.replace(answer)
    return True


def _asked(compared: exp.Expr) -> tuple[exp.Expr, bool] | None:
    """Return what is compared, and whether there should be some; None for any other comparison."""
    if not isinstance(compared, exp.Binary):
        return None
    kind, side, number = type(compared), compared.this, compared.expression
    if isinstance(side, exp.Literal):
        kind, side, number = _MIRRORED.get(kind, kind), number, side
    if not isinstance(number, exp.Literal) or (kind, number.this) not in _SOME | _NONE:
        return None
    return side, (kind, number.this) in _SOME


def _answer(select: exp.Select, count: exp.Expr, some: bool) -> exp.Expr | None:
    """Return whether a SELECT finds a row that a count counts."""
    counted = count.this if isinstance(count, exp.Count) else None
    if counted is None or isinstance(counted, exp.Distinct) or any(select.args.get(part) for part in _SHAPED):
        return None
    found = select.copy()
    found.set("expressions", [exp.Literal.number(1)])
    found.set("order", None)
    if not isinstance(counted, exp.Star | exp.Literal):
        found.where(exp.Not(this=exp.Is(this=counted.copy(), expression=exp.Null())), copy=False)
    exists = exp.Exists(this=found)
    return exists if some else exp.Not(this=exists)
