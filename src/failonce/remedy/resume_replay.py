"""Let the standby replay again.

What it sees
    A diagnosis of commits that wait for a standby which has everything and replays nothing.

Why it matters
    The standby need not be brought back, it is there: one statement on it ends the outage. Until somebody may run it,
    commits can do with the standby's disk, and nothing would be lost with this machine.

What to do
    Ask the standby whether its replay is paused, and resume it. Where it is not, replay waits for a query there: end
    that. Bound how long it may: max_standby_streaming_delay.

Example
    On reports: SELECT pg_wal_replay_resume()
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy
from failonce.remedy.found import evidence

ID = "resume-replay"
RANK = 3
CURES = frozenset({"synchronous-standby"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the statement for the standby, and what helps here until it is run."""
    held_up = evidence(diagnosis, "server", "bytes") if diagnosis.cause in CURES else None
    if held_up is None:
        return None
    standby = held_up.pointer.key
    said = (
        f"Resume replay on the standby {standby}; run it there: SELECT pg_wal_replay_resume()."
        " If pg_get_wal_replay_pause_state() says that it is not paused, it waits for a query: end the one that"
        " pg_stat_activity shows with the oldest backend_xmin."
    )
    afterwards = (
        "If nobody can reach it now, let commits wait for its disk alone: ALTER SYSTEM SET synchronous_commit = 'on',"
        " then SELECT pg_reload_conf(). Those that wait already return when they are cancelled (pg_cancel_backend):"
        " they are committed, with a warning, and on both disks.",
        f"On {standby}: bound how long a query may hold up replay (max_standby_streaming_delay), and take dumps from"
        " a standby that no commit waits for.",
    )
    undo = "SELECT pg_wal_replay_pause()"
    why = "It is no matter of plans; the waits for SyncRep tell."
    return Remedy(ID, said, "SELECT pg_wal_replay_resume()", undo, unproven=why, afterwards=afterwards)
