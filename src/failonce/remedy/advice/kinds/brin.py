"""A BRIN index: the least and the greatest value of each stretch of the table.

What it sees
    A range over a column whose values lie in the table in their order, such as the time of insertion.

Why it matters
    It is a thousandth of a B-tree's size and costs almost nothing to write.

What to do
    Prefer it where it is nearly as good; where rows are moved by updates it decays, and a B-tree is better.

Example
    CREATE INDEX CONCURRENTLY events_created_at_brin_idx ON events USING brin (created_at)
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.remedy.advice.ddl import Candidate, index
from failonce.remedy.advice.needs import Need

ID = "brin"


def propose(need: Need) -> Iterator[Candidate]:
    """Yield an index for each column with a range."""
    for key in need.ranged:
        if not key.startswith("("):
            yield index(need.relation, [key], method="brin")
