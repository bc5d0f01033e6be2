"""An index that does not exist would make the statement many times cheaper.

What it sees
    A statement dearer than `slow_cost` for which an index was tried on the twin: built for real on the empty table,
    sized as it would be in production, taken by the planner, and the statement at least five times cheaper with it.
    Statements that walk a whole large table are told by full-scan, with the same advice.

Why it matters
    Work that an index saves is done at every call, and it grows with the table: today slow, next year down.

What to do
    Build the index with CREATE INDEX CONCURRENTLY, before the release that sends the statement. Each write to the table
    has one more index to keep up.

Example
    select * from recipes where cuisine = $1 and minutes < $2 order by minutes limit 20
    CREATE INDEX CONCURRENTLY recipes_cuisine_minutes_idx ON recipes USING btree (cuisine, minutes)
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.amount import amount
from failonce.guard.case import Case, Found
from failonce.guard.query_rules import full_scan, function_on_column, leading_wildcard
from failonce.guard.scans import scans

ID = "missing-index"
SEVERITY = "warning"
_CHEAPER = 5.0
_TOLD_BY = (full_scan, function_on_column, leading_wildcard)


def check(case: Case) -> Iterator[Found]:
    """Yield the advice that no other rule gives."""
    advice = case.advice
    if advice is None or advice.cost_before < case.limits.slow_cost or any(any(rule.check(case)) for rule in _TOLD_BY):
        return
    times = advice.cost_before / max(advice.cost_after, 1.0)
    if times < _CHEAPER:
        return
    node = max(scans(case), key=lambda scan: scan.cost, default=None)
    label = node.label if node else ""
    yield Found(f"Would cost {amount(round(times))} times less with an index.", advice.text, label)
