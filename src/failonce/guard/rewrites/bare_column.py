"""A function, a cast or a sum around a column as a comparison of the column itself.

What it sees
    `at::date = d`, `date(at) between ...`, `date_trunc('month', at) = t`, `extract(year from at) = 2024`,
    `left(name, 3) = 'abc'`, `at + interval '1 hour' > now()`, `id + 1 = 7`, `id::text = '42'`.

Why it matters
    The index is on the column. What is made of the column has none, so the whole table is read.

What to do
    Move the work to the other side, which is the same for all rows: a day is from its midnight to the next one.

Example
    select * from reviews where created_at::date = $1
    select * from reviews where created_at >= $1::date and created_at < $1::date + 1
"""

from __future__ import annotations

import re

from sqlglot import exp

from failonce.guard.rewriting import Proposal, Question, constant, transformed, type_of
from failonce.structure import Structure

ID = "bare-column"
_COMPARED = (exp.EQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between)
_MIRRORED: dict[type[exp.Expr], type[exp.Expr]] = {exp.GT: exp.LT, exp.LT: exp.GT, exp.GTE: exp.LTE, exp.LTE: exp.GTE}
_INTEGERS = ("smallint", "integer", "bigint")
#: Of one length always: with days and months the same instant may come of two.
_EXACT = ("SECOND", "SECONDS", "MINUTE", "MINUTES", "HOUR", "HOURS")


def propose(question: Question) -> Proposal | None:
    """Return the statement with bare columns."""
    return transformed(question, _change, "An index on the column serves it.")


def _change(tree: exp.Query, structure: Structure) -> exp.Query | None:
    changed = [_replaced(compared, structure) for compared in list(tree.find_all(*_COMPARED))]
    return tree if any(changed) else None


def _replaced(compared: exp.Expr, structure: Structure) -> bool:
    select = compared.find_ancestor(exp.Select)
    oriented = _oriented(compared)
    column = oriented[1].find(exp.Column) if oriented else None
    if select is None or oriented is None or column is None or isinstance(oriented[1], exp.Column):
        return False
    kind, side, values = oriented
    of = type_of(column, select, structure)
    for way in (_day, _truncated, _year, _beginning, _moved, _number):
        found = way(kind, side, values, of) if of else None
        if found is not None:
            compared.replace(exp.paren(found) if isinstance(compared.parent, exp.Or | exp.Not) else found)
            return True
    return False


def _oriented(compared: exp.Expr) -> tuple[type[exp.Expr], exp.Expr, list[exp.Expr]] | None:
    """Return the kind of a comparison with the column on the left, its side, and what it is compared with."""
    kind = type(compared)
    if kind is exp.Between:
        values = [compared.args["low"], compared.args["high"]]
        return (kind, compared.this.unnest(), values) if all(map(constant, values)) else None
    left, right = compared.this.unnest(), compared.expression.unnest()
    if constant(right):
        return kind, left, [right]
    return (_MIRRORED.get(kind, kind), right, [left]) if constant(left) else None


def _day(kind: type[exp.Expr], side: exp.Expr, values: list[exp.Expr], of: str) -> exp.Expr | None:
    is_date = (isinstance(side, exp.Cast) and side.is_type("date")) or isinstance(side, exp.Date)
    if not is_date or not isinstance(side.this, exp.Column) or not of.startswith("timestamp"):
        return None
    return _spanned(kind, side.this, [exp.cast(value.copy(), "date") for value in values], exp.Literal.number(1))


def _truncated(kind: type[exp.Expr], side: exp.Expr, values: list[exp.Expr], of: str) -> exp.Expr | None:
    if not isinstance(side, exp.TimestampTrunc) or kind is not exp.EQ or not isinstance(side.this, exp.Column):
        return None
    value = exp.cast(values[0].copy(), of, dialect="postgres")
    unit = side.text("unit").lower()
    step = exp.Literal.string("3 months" if unit == "quarter" else f"1 {unit}")
    span = _spanned(kind, side.this, [value], exp.cast(step, "interval"))
    again = side.copy()
    again.set("this", value.copy())
    # Nothing is truncated to what is no beginning of a day or month.
    return exp.and_(span, exp.EQ(this=again, expression=value.copy()))


def _year(kind: type[exp.Expr], side: exp.Expr, values: list[exp.Expr], of: str) -> exp.Expr | None:
    number = values[0]
    is_year = isinstance(side, exp.Extract) and side.name.upper() == "YEAR" and kind is exp.EQ
    if not is_year or not isinstance(side.expression, exp.Column) or not (isinstance(number, exp.Literal)):
        return None
    if not number.is_int or not 1 <= int(number.this) < 9999:
        return None
    first, next_ = (exp.cast(exp.Literal.string(f"{int(number.this) + n:04d}-01-01"), "date") for n in (0, 1))
    return exp.and_(_compared(exp.GTE, side.expression, first), _compared(exp.LT, side.expression, next_))


def _beginning(kind: type[exp.Expr], side: exp.Expr, values: list[exp.Expr], of: str) -> exp.Expr | None:
    text, length = values[0], side.args.get("length") or side.expression if isinstance(side, exp.Func) else None
    starts = isinstance(side, exp.Left) or (isinstance(side, exp.Substring) and side.text("start") == "1")
    if not starts or kind is not exp.EQ or not isinstance(side.this, exp.Column) or not isinstance(text, exp.Literal):
        return None
    if not text.is_string or re.search(r"[%_\\]", text.this) or length is None or length.name != str(len(text.this)):
        return None
    return exp.Like(this=side.this.copy(), expression=exp.Literal.string(f"{text.this}%"))


def _moved(kind: type[exp.Expr], side: exp.Expr, values: list[exp.Expr], of: str) -> exp.Expr | None:
    if not isinstance(side, exp.Add | exp.Sub) or not isinstance(side.this, exp.Column) or kind is exp.Between:
        return None
    added, value = side.expression, values[0]
    exact = isinstance(added, exp.Interval) and added.text("unit").upper() in _EXACT and of.startswith("timestamp")
    counted = isinstance(added, exp.Literal) and added.is_int and of in _INTEGERS
    if not exact and not counted:
        return None
    if not isinstance(value, exp.Literal | exp.CurrentTimestamp) or (exact and isinstance(value, exp.Literal)):
        return None
    opposite = exp.Sub if isinstance(side, exp.Add) else exp.Add
    return _compared(kind, side.this, opposite(this=value.copy(), expression=added.copy()))


def _number(kind: type[exp.Expr], side: exp.Expr, values: list[exp.Expr], of: str) -> exp.Expr | None:
    is_text = isinstance(side, exp.Cast) and (side.is_type("text") or side.is_type("varchar"))
    text = values[0].name if isinstance(values[0], exp.Literal) and values[0].is_string else ""
    if not is_text or kind is not exp.EQ or of not in _INTEGERS or not isinstance(side.this, exp.Column):
        return None
    return _compared(kind, side.this, exp.Literal.number(text)) if re.fullmatch(r"\d{1,9}", text) else None


def _spanned(kind: type[exp.Expr], column: exp.Expr, values: list[exp.Expr], step: exp.Expr) -> exp.Expr:
    """Return that a column lies within units that begin at the values."""
    first, last = values[0], values[-1]
    after = exp.Add(this=last.copy(), expression=step.copy())
    if kind is exp.GTE or kind is exp.LT:
        return _compared(kind, column, first)
    if kind is exp.GT or kind is exp.LTE:
        return _compared(exp.GTE if kind is exp.GT else exp.LT, column, after)
    return exp.and_(_compared(exp.GTE, column, first), _compared(exp.LT, column, after))


def _compared(kind: type[exp.Expr], column: exp.Expr, value: exp.Expr) -> exp.Expr:
    made: exp.Expr = kind(this=column.copy(), expression=value.copy())
    return made
