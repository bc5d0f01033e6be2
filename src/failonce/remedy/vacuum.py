"""Remove the dead rows.

What it sees
    A diagnosis that names a table full of dead rows.

Why it matters
    VACUUM works beside readers and writers and makes the space of dead rows free; empty pages at the end of the file go
    back to the system. It cannot remove what an older transaction might still see.

What to do
    End old transactions first (pg_stat_activity, xact_start), then run it; see that autovacuum is on for the table.
    What lies in the middle of the file stays: pg_repack, or VACUUM FULL, which locks the table.

Example
    VACUUM (ANALYZE) messages
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy
from failonce.remedy.found import evidence, number

ID = "vacuum"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 1
CURES = frozenset({"table-bloat"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the VACUUM of the table that is full of dead rows."""
    dead = evidence(diagnosis, "tables", "rows") if diagnosis.cause in CURES else None
    if dead is None:
        return None
    table, rows = dead.pointer.key, number(dead.value) or 0.0
    said = f"Vacuum {table}: its {rows:,.0f} dead rows go, readers and writers go on. See that autovacuum is on for it,"
    said += " and that no old transaction holds it up."
    why = "It cannot be planned; the statement's blocks per call will tell."
    return Remedy(ID, said, f"VACUUM (ANALYZE) {table}", None, unproven=why)
