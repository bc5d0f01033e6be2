"""OFFSET as a page that begins where the last one ended.

What it sees
    A deep OFFSET (`offset`) in a SELECT that is ordered by columns, all upwards or all downwards.

Why it matters
    Every row of the pages before is read and thrown away.

What to do
    Send along the last row's keys and ask for what comes after them. The order ends with a key of the table, so that
    every row has its place: where the keys before are equal, the order was left open, and now it is the same each time.

Example
    select id, title from recipes order by published_at desc limit 20 offset 10000
    select id, title from recipes where (published_at, id) < ($1, $2) order by published_at desc, id desc limit 20
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from failonce.guard.rewriting import Proposal, Question, as_read, key_of, only_reads_rows, owner, sources, written
from failonce.model.rewrite import Pair
from failonce.structure import Structure

ID = "keyset"
#: Pages that are tried on generated rows: rows a page, rows before it.
_PAGES = ((1, 1), (3, 2), (2, 5), (20, 7), (5, 20))


def propose(question: Question) -> Proposal | None:
    """Return the page after given keys."""
    if question.offset is None or not isinstance(question.tree, exp.Select):
        return None
    ordered = _ordered(question.tree, question.structure)
    if ordered is None:
        return None
    tree, keys, descending = ordered
    page = _after(tree, keys, descending, _parameters(tree, len(keys)))
    before = tree.copy()
    before.set("offset", exp.Offset(expression=exp.Literal.number(question.offset)))
    named = ", ".join(written(key) for key in keys)
    what = f"Send along {named} of the last row shown; begin without the condition."
    return Proposal(
        what, written(page, pretty=True), (as_read(question), *_pairs(tree, keys, descending)), written(before)
    )


def _ordered(original: exp.Select, structure: Structure) -> tuple[exp.Select, list[exp.Expr], bool] | None:
    """Return the statement in an order that gives each row its place, by what, and whether downwards."""
    tree, read = original.copy(), sources(original)
    order = tree.args.get("order")
    tree.set("offset", None)
    limit = tree.args.get("limit")
    bare = tree.copy()
    bare.set("limit", None)
    if order is None or limit is None or not read or not only_reads_rows(bare):
        return None
    keys = [item.this for item in order.expressions]
    directions = {bool(item.args.get("desc")) for item in order.expressions}
    if len(directions) != 1 or not all(isinstance(k, exp.Column) and owner(k, tree, structure) for k in keys):
        return None
    descending = directions.pop()
    missing = _missing_key(tree, keys, next(iter(read.items())), structure)
    if missing is None:
        return None
    for key in missing:
        order.append("expressions", exp.Ordered(this=key.copy(), desc=descending, nulls_first=descending))
    return tree, [*keys, *missing], descending


def _missing_key(
    tree: exp.Select, keys: list[exp.Column], first: tuple[str, str], structure: Structure
) -> list[exp.Column] | None:
    """Return the columns that a key of the first table still lacks among those of the order; None without a key."""
    name, table = first
    has = {key.name for key in keys if owner(key, tree, structure) == name}
    prefix = name if len(sources(tree) or ()) > 1 or keys[0].table else None
    lacking = [[exp.column(c, prefix) for c in key if c not in has] for key in key_of(table, structure)]
    return min(lacking, key=len, default=None)


def _parameters(tree: exp.Select, count: int) -> list[exp.Expr]:
    used = [int(p.name) for p in tree.find_all(exp.Parameter) if p.name.isdigit()]
    start = max(used, default=0) + 1
    return [exp.Parameter(this=exp.Literal.number(n)) for n in range(start, start + count)]


def _after(tree: exp.Select, keys: list[exp.Expr], descending: bool, ends: list[exp.Expr]) -> exp.Select:
    compared = exp.LT if descending else exp.GT
    if len(keys) == 1:
        left, right = keys[0].copy(), ends[0]
    else:
        left = exp.Tuple(expressions=[key.copy() for key in keys])
        right = exp.Tuple(expressions=ends) if len(ends) > 1 else ends[0]
    return tree.copy().where(compared(this=left, expression=right), copy=False)


def _pairs(tree: exp.Select, keys: list[exp.Expr], descending: bool) -> Iterator[Pair]:
    """Yield pages by OFFSET, and the same ones after the last row before them, as a subquery finds it."""
    whole = tree.copy()
    for number, key in enumerate(keys, start=1):
        whole.append("expressions", exp.alias_(key.copy(), f"failonce_key_{number}"))
    for rows, before in _PAGES:
        by_offset = whole.limit(rows).offset(before)
        last = tree.limit(1).offset(before - 1)
        last.set("expressions", [key.copy() for key in keys])
        after = _after(whole, keys, descending, [exp.Subquery(this=last)]).limit(rows)
        yield Pair(written(by_offset), written(after), len(keys))
