"""OFFSET reads every row of the pages before, and throws them away.

What it sees
    An OFFSET of 1,000 or more (`offset`), written in the statement or sent along by a test; from ten times that on it
    is an error. An OFFSET that was never seen deep is left alone.

Why it matters
    Page 1 is fast, page 500 reads 10,000 rows to show twenty, and crawlers do visit page 500. Rows that are inserted
    meanwhile shift the pages, so some are shown twice and some never.

What to do
    Begin where the last page ended: `where (created_at, id) < ($1, $2) order by created_at desc, id desc limit 20`.

Example
    select * from recipes order by published_at desc limit 20 offset 10000
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from failonce.amount import amount
from failonce.guard.case import Case, Found

ID = "deep-offset"
SEVERITY = "warning"


def check(case: Case) -> Iterator[Found]:
    """Yield the deepest OFFSET, if it is deep."""
    offsets = [offset for offset in (case.statement.offset, *_written(case)) if offset is not None]
    deepest = max(offsets, default=0)
    if deepest >= case.limits.offset:
        severity = "error" if deepest >= 10 * case.limits.offset else None
        instead = "Begin where the last page ended: where (KEY) > ($1) order by KEY limit $2."
        yield Found(f"OFFSET {amount(deepest)} reads as many rows and throws them away.", instead, "Limit", severity)


def _written(case: Case) -> Iterator[int]:
    for offset in case.tree.find_all(exp.Offset) if case.tree else ():
        number = offset.expression
        if isinstance(number, exp.Literal) and number.is_int:
            yield int(number.this)
