"""Slow maintenance down instead of stopping it.

What it sees
    A diagnosis of maintenance that takes the machine, and the sessions that do it.

Why it matters
    Dead rows do not go away by themselves: an autovacuum that is turned off comes back with more to do.

What to do
    Cancel what runs now, if it must be: autovacuum begins again by itself. Put the cost limit back to 2 ms of pause
    for each 200 credits, and move what somebody started by hand to another hour.

Example
    SELECT pg_cancel_backend(4711)
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy

ID = "calm-maintenance"
RANK = 5
CURES = frozenset({"maintenance"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return how to end this run, and how to keep the next one calm."""
    culprit = diagnosis.culprit
    if diagnosis.cause not in CURES or culprit is None or not culprit.sessions:
        return None
    tables = ", ".join(culprit.relations) or "the tables"
    said = (
        f"Cancel it, and let it come back calmly: autovacuum_vacuum_cost_delay = 2ms for {tables} (ALTER TABLE ..."
        " RESET where the table has its own), autovacuum_work_mem of 64 MB or more. Run backups and index builds at"
        " another hour."
    )
    pids = ", ".join(map(str, culprit.sessions))
    sql = f"SELECT pg_cancel_backend(pid) FROM unnest(ARRAY[{pids}]) AS pid"
    return Remedy(ID, said, sql, None, unproven="It is no matter of plans; the statements' times tell.")
