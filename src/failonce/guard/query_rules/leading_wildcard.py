"""A pattern that begins with a wildcard cannot be looked up in a B-tree.

What it sees
    LIKE or ILIKE with a pattern that begins with % or _, written in the statement or sent along by a test, while the
    plan walks a whole large table for it. A trigram index that serves it is seen in the plan, and nothing is said.

Why it matters
    An index is sorted by the beginning of the text. With the beginning unknown every row is read and compared, at
    every keystroke of a search field.

What to do
    Search by the beginning (`name like 'ann%'`, with an index of text_pattern_ops), or build a trigram index, or use
    full-text search.

Example
    select * from recipes where title ilike '%soup%'
    CREATE EXTENSION pg_trgm; CREATE INDEX CONCURRENTLY ON recipes USING gin (title gin_trgm_ops);
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from failonce.amount import amount
from failonce.guard.case import Case, Found
from failonce.guard.scans import scans

ID = "leading-wildcard"
SEVERITY = "error"
_LIKE_OPERATORS = ("~~ ", "~~* ")


def check(case: Case) -> Iterator[Found]:
    """Yield a large scan that compares a pattern, when the pattern begins with a wildcard."""
    if not (case.statement.leading_wildcard or _written(case)):
        return
    for scan in scans(case):
        if scan.is_whole and case.is_large(scan.relation) and any(sign in scan.filter for sign in _LIKE_OPERATORS):
            rows = amount(scan.table_rows)
            message = f"The pattern begins with a wildcard: all {rows} rows of {scan.relation} are compared with it."
            trigrams = f"CREATE INDEX CONCURRENTLY ON {scan.relation} USING gin (COLUMN gin_trgm_ops);"
            instead = case.advice.text if case.advice else f"CREATE EXTENSION pg_trgm; {trigrams}"
            yield Found(message, f"{instead} Or search by the beginning.", scan.label)
            return


def _written(case: Case) -> bool:
    """Tell whether such a pattern stands in the statement."""
    likes = case.tree.find_all(exp.Like, exp.ILike) if case.tree else ()
    patterns = [like.expression for like in likes]
    literal = any(isinstance(p, exp.Literal) and p.this[:1] in ("%", "_") for p in patterns)
    return literal or any(_begins(pattern) for pattern in patterns)


def _begins(pattern: exp.Expr) -> bool:
    """Tell whether a pattern is put together from a wildcard and something else: '%' || $1."""
    first = pattern
    while isinstance(first, exp.DPipe | exp.Concat | exp.Paren):
        first = first.expressions[0] if isinstance(first, exp.Concat) else first.this
    return first is not pattern and isinstance(first, exp.Literal) and first.this[:1] in ("%", "_")
