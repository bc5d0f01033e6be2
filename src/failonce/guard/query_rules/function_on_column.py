"""A function or a cast around an indexed column keeps the index from being used.

What it sees
    A scan of a large table whose filter compares a function or a cast of a column that begins an index, while no
    index is on that expression. PostgreSQL's own casts between text types are not meant.

Why it matters
    The index is there, so everybody takes the statement for fast. The planner cannot use it: an index on `email` knows
    nothing of `lower(email)`, one on a timestamp nothing of its date.

What to do
    Compare the bare column: `created_at >= $1 and created_at < $1 + 1` instead of `created_at::date = $1`; a parameter
    of the column's own type instead of a cast. Or build an index on the expression.

Example
    select * from cooks where lower(name) = $1
    write name = $1, or CREATE INDEX ON cooks (lower(name))
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from failonce.guard.case import Case, Found, parsed
from failonce.guard.scans import Scan, scans

ID = "function-on-column"
SEVERITY = "error"
_COMPARISONS = (exp.EQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.In, exp.Between, exp.Like)
_TEXTS = ("text", "character varying", "varchar", "character", "char", "bpchar", "name")


def check(case: Case) -> Iterator[Found]:
    """Yield each wrapped column that has an index, once."""
    told = set()
    for scan in scans(case):
        for column, wrapped in _wrapped(case, scan) if case.is_large(scan.relation) and scan.is_whole else ():
            indexes = [i.name for i in case.structure.indexes_of(scan.relation) if i.keys[0] == column]
            if indexes and (scan.relation, wrapped) not in told:
                told.add((scan.relation, wrapped))
                message = f"{wrapped} keeps the index {indexes[0]} on {scan.relation}.{column} from being used."
                index = f"CREATE INDEX CONCURRENTLY ON {scan.relation} (({wrapped}));"
                helps = case.advice.text if case.advice else index
                yield Found(message, f"Compare {column} itself, or: {helps}", scan.label)


def _wrapped(case: Case, scan: Scan) -> Iterator[tuple[str, str]]:
    """Yield each column that is compared within something, and what it is within."""
    condition = parsed(f"select where {scan.filter}") if scan.filter else None
    table = case.structure.table(scan.relation)
    if condition is None or table is None:
        return
    for comparison in condition.find_all(*_COMPARISONS):
        side = comparison.this.unnest()
        column = side.find(exp.Column)
        if column is None or isinstance(side, exp.Column) or not table.type_of(column.name):
            continue
        if isinstance(side, exp.Func | exp.Cast) and not _is_free(side, table.type_of(column.name)):
            yield column.name, _plain(side)


def _is_free(side: exp.Expr, column_type: str) -> bool:
    """Tell whether a wrapping is a cast between text types, which PostgreSQL adds by itself and looks through."""
    is_text = column_type.partition("(")[0] in _TEXTS
    return (
        isinstance(side, exp.Cast) and is_text and isinstance(side.this.unnest(), exp.Column) and side.is_type("text")
    )


def _plain(side: exp.Expr) -> str:
    """Return the expression as a person would write it: no table before the column."""
    copy = side.copy()
    for column in copy.find_all(exp.Column):
        column.set("table", None)
    for cast in list(copy.find_all(exp.Cast)):
        if cast is not copy and cast.is_type("text"):
            cast.replace(cast.this.unnest())
    return copy.sql(dialect="postgres").lower()
