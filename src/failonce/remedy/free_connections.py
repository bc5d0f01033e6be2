"""Make room on a server whose connections are all taken.

What it sees
    A diagnosis that names exhausted connections, and the application that has most of them.

Why it matters
    Nobody gets in, the people who want to help included. An idle connection can be ended without any loss.

What to do
    End the idle connections of that application, as a superuser or pg_signal_backend, over a connection that is open or
    reserved. Then bound it: a pool, and a CONNECTION LIMIT for its role. A higher max_connections only takes longer.

Example
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'shop' AND state = 'idle' ...
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy
from failonce.remedy.limits import connections_needed, quoted

ID = "free-connections"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 3
CURES = frozenset({"connection-exhaustion"})
_IDLE_S = 5


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the statement that ends idle connections, and how many are needed at all."""
    culprit = diagnosis.culprit
    if diagnosis.cause not in CURES or culprit is None or culprit.application is None:
        return None
    said = (
        f"End the connections of {culprit.application} that have been idle for {_IDLE_S} s: nothing is lost with them."
    )
    sql = (
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = {quoted(culprit.application)}"
        f" AND state = 'idle' AND state_change < clock_timestamp() - interval '{_IDLE_S} seconds'"
    )
    needed = connections_needed(diagnosis)
    bound = f"Give {culprit.application} a pool, and its role a CONNECTION LIMIT above it"
    bound += f": {needed}." if needed else "."
    why = "It helps until the application has opened as many again; the recovery will tell."
    return Remedy(ID, said, sql, None, unproven=why, afterwards=(bound,))
