"""Make room on the database's disk.

What it sees
    A diagnosis of a full disk.

Why it matters
    Room helps at once, without a restart; and whoever deletes the wrong file loses the database.

What to do
    Remove what is not PostgreSQL's: old logs, dumps, core files. Drop replication slots nobody reads: they keep WAL.
    Never delete in the data directory by hand, least of all in pg_wal. Then enlarge the disk.

Example
    SELECT slot_name, pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)) FROM pg_replication_slots
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy

ID = "free-disk"
RANK = 5
CURES = frozenset({"disk-full"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return what may be removed, and what may not."""
    if diagnosis.cause not in CURES:
        return None
    said = (
        "Make room where the data lies: old logs, dumps and core files; then replication slots that keep WAL"
        " (pg_replication_slots) and sessions with large temporary files. Delete nothing of PostgreSQL's own by hand."
    )
    return Remedy(ID, said, None, None, unproven="It is no matter of plans; the next insert tells.")
