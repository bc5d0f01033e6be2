"""The same rows could be had much cheaper by writing the statement in another way.

What it sees
    A statement for which one of the rewrites halves the planner's cost on the twin and gave the same rows on data sets
    made up for its tables: NULLs, duplicates, empty tables and boundaries among them. Where another rule has a finding
    about the statement, the rewrite is shown with that.

Why it matters
    Some ways to write a statement leave the planner no choice: a subquery for each row, a join that DISTINCT undoes,
    NOT IN. No index mends that, and it grows with the tables.

What to do
    Read the rewritten statement, then take it. Generated rows show that two statements differ, never that they cannot:
    what your data holds and the generator does not is for you to see.

Example
    select distinct c.id, c.name from cooks c join recipes r on r.cook_id = c.id
    select c.id, c.name from cooks c where exists (select 1 from recipes r where r.cook_id = c.id)
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.amount import amount
from failonce.guard.case import Case, Found

ID = "cheaper-rewrite"
SEVERITY = "warning"


def check(case: Case) -> Iterator[Found]:
    """Yield the rewrite. The review leaves it out where another rule's finding shows it."""
    rewrite = case.rewrite
    if rewrite is None:
        return
    times = amount(round(rewrite.cost_before / max(rewrite.cost_after, 1.0)))
    yield Found(f"Would cost {times} times less written in another way.", f"{rewrite.what} See the rewrite.")
