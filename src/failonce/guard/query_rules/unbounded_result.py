"""The statement may return more rows than anybody reads: it has no LIMIT.

What it sees
    A SELECT whose result is estimated at 10,000 rows or more (`result_rows`) and that has no LIMIT; ten times as many
    are an error. Aggregates return one row per group and are estimated as such. INSERT ... SELECT returns nothing.

Why it matters
    The rows are built in the database, sent over the network and kept in the application's memory, for a page that
    shows twenty. It holds a connection all the while, and it grows with the table.

What to do
    Add ORDER BY and LIMIT, and a condition that begins where the last page ended. Read in batches what really has to be
    read whole.

Example
    select * from reviews where recipe_id > $1
    returns 500,000 rows
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from failonce.amount import amount
from failonce.guard.case import Case, Found

ID = "unbounded-result"
SEVERITY = "warning"


def check(case: Case) -> Iterator[Found]:
    """Yield a result that is too long."""
    if case.plan is None or not isinstance(case.tree, exp.Query) or case.tree.args.get("limit") is not None:
        return
    rows = case.plan["Plan Rows"]
    if rows >= case.limits.result_rows and not case.tree.find(exp.Into):
        severity = "error" if rows >= 10 * case.limits.result_rows else None
        instead = "Add ORDER BY and LIMIT, and begin the next page where this one ended."
        yield Found(f"Returns {amount(rows)} rows: it has no LIMIT.", instead, str(case.plan["Node Type"]), severity)
