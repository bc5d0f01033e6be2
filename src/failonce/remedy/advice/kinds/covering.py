"""A B-tree that carries along all a scan reads, so that the table itself is not read.

What it sees
    A scan that reads few columns of a table, compared, sorted or handed up.

Why it matters
    An index-only scan spares a visit to the table for each row, where the table's pages are all visible (vacuumed).

What to do
    Add the columns that are only handed up as INCLUDE; they cost space, and every update of them now touches the index.

Example
    CREATE INDEX CONCURRENTLY orders_customer_id_incl_total_idx ON orders USING btree (customer_id) INCLUDE (total)
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from failonce.remedy.advice.ddl import Candidate, index
from failonce.remedy.advice.kinds.columns import orders
from failonce.remedy.advice.needs import Need

ID = "covering"
#: Columns beyond which an index is nearly the table again.
_MOST_READ = 7
_ORDERS = 8


def propose(need: Need) -> Iterator[Candidate]:
    """Yield the likeliest orders of keys with all other columns that are read."""
    if not need.read or len(need.read) > _MOST_READ:
        return
    for keys in islice(orders(need), _ORDERS):
        if any(key.startswith("(") for key in keys):
            # PostgreSQL does not see that an index over an expression has what is read.
            continue
        carried = sorted(need.read - {key.split(" ")[0] for key in keys})
        if carried:
            yield index(need.relation, keys, include=carried)
