"""The statement reads a large table from end to end, to find little in it.

What it sees
    A scan in the statement's plan that walks a whole large table, or a whole index of one, while its filter or the
    join above it throws most of it away. A LIMIT that ends the scan early is taken into account. Large is from 100,000
    rows on (`large_rows`). When most rows are used it is a warning: then no index would help.

Why it matters
    On a developer's hundred rows it is instant. In production each call reads the table, a few at a time keep every
    processor busy, the pool runs empty, and every page is slow, not only the one with the new statement.

What to do
    Build the index that the finding shows, before the release; the planner took it on the twin. Where it shows none,
    narrow the statement down by a column that has an index.

Example
    select * from reviews where cook_id = $1 order by created_at desc limit 5
    Seq Scan on reviews, filter (cook_id = $1): reads 1.5 million rows to find 30
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.amount import amount
from failonce.guard.case import Case, Found
from failonce.guard.query_rules import function_on_column, leading_wildcard
from failonce.guard.scans import Scan, scans

ID = "full-scan"
SEVERITY = "error"
#: These name the reason for the same scan.
_SAY_IT_BETTER = (function_on_column, leading_wildcard)


def check(case: Case) -> Iterator[Found]:
    """Yield the dearest whole scan of each large table."""
    told = {found.node for rule in _SAY_IT_BETTER for found in rule.check(case)}
    read = (scan for scan in scans(case) if scan.is_whole and scan.read_rows >= case.limits.large_rows)
    whole = [scan for scan in read if scan.label not in told]
    by_table = {scan.relation: scan for scan in sorted(whole, key=lambda scan: (scan.selective, scan.cost))}
    for scan in by_table.values():
        yield _found(case, scan)


def _found(case: Case, scan: Scan) -> Found:
    read = "all" if scan.read_rows >= 0.9 * scan.table_rows else amount(scan.read_rows)
    what = f"Reads {read} of {scan.relation}, {amount(scan.table_rows)} rows"
    if scan.selective:
        advice = (
            case.advice.text if case.advice else f"Narrow it down by a column of {scan.relation} that has an index."
        )
        return Found(f"{what}, to find {amount(max(round(scan.kept_rows), 1))}.", advice, scan.label)
    instead = "Ask for less of it, or keep the result and bring it up to date; no index makes reading most rows cheap."
    return Found(f"{what}, and uses most of them.", instead, scan.label, "warning")
