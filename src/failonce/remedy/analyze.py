"""Gather the statistics of the table that was written.

What it sees
    A diagnosis that names outdated statistics, and the table they are of.

Why it matters
    ANALYZE reads a sample of the table, in seconds, and holds nobody up; the next call is planned anew.

What to do
    Run it for the table; then let bulk loads end with it, and lower autovacuum_analyze_scale_factor for large tables.

Example
    ANALYZE orders
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy
from failonce.remedy.found import evidence

ID = "analyze"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 1
CURES = frozenset({"stale-statistics"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the ANALYZE of the table whose statistics are outdated."""
    outdated = evidence(diagnosis, "tables", "rows") if diagnosis.cause in CURES else None
    if outdated is None:
        return None
    table = outdated.pointer.key
    said = f"Gather the statistics of {table}: the next call is planned by what is in it now."
    why = "What the planner will know cannot be planned before; the statement's blocks per call will tell."
    return Remedy(ID, said, f"ANALYZE {table}", None, unproven=why)
