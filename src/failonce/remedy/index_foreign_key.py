"""Build the index behind a foreign key.

What it sees
    A diagnosis that names a foreign key without an index: the table that refers, and its columns.

Why it matters
    It ends the search through the whole table for each row that goes, and the same search when a key is changed.

What to do
    Build it with CREATE INDEX CONCURRENTLY: reads and writes go on.

Example
    CREATE INDEX CONCURRENTLY cart_events_cart_id_idx ON cart_events USING btree (cart_id)
"""

from __future__ import annotations

import re

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy
from failonce.remedy.found import cause

ID = "index-foreign-key"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 1
CURES = frozenset({"missing-foreign-key-index"})
#: As the cause says it: `all 800,000 rows of cart_events (cart_id) are read`.
_WHERE = re.compile(r"rows of (\S+) \(([^)]+)\) are read")


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the index on the referring columns."""
    link = cause(diagnosis) if diagnosis.cause in CURES else None
    found = _WHERE.search(link.statement) if link else None
    if found is None:
        return None
    table, columns = found[1], found[2]
    name = f"{table.rsplit('.', 1)[-1]}_{columns.replace(', ', '_')}_idx"[:63]
    sql = f"CREATE INDEX CONCURRENTLY {name} ON {table} USING btree ({columns})"
    said = f"Build the index {name}: what refers to a deleted row is found by it, and not by reading all of {table}."
    why = "The search is made by a trigger, which no plan shows; blocks per call will tell."
    return Remedy(ID, said, sql, f"DROP INDEX CONCURRENTLY IF EXISTS {name}", unproven=why)
