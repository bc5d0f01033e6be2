"""Keep connections open between requests.

What it sees
    A diagnosis that names connections opened for each request, and the system's figures from before.

Why it matters
    A connection costs the server a process, a password check and cold caches; a pool pays that once.

What to do
    Give the application its pool back, of a few connections more than are at work at a time. Where many processes
    share one database, put pgbouncer in transaction mode in between.

Example
    50 requests/s × 10 ms are 0.5 connections at work at a time: a pool of 5 is ample
"""

from __future__ import annotations

import math

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy
from failonce.remedy.limits import arrivals_per_s, connections_needed, usual_ms

ID = "pool-connections"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 4
CURES = frozenset({"connection-storm"})
#: Connections of a pool for each that is at work on average: arrivals come in bursts.
_ROOM = 3
_LEAST = 5


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the pool to put in between, with its arithmetic."""
    if diagnosis.cause not in CURES:
        return None
    needed, arrivals, usual = connections_needed(diagnosis), arrivals_per_s(diagnosis), usual_ms(diagnosis)
    size = _LEAST if arrivals is None or usual is None else max(_LEAST, math.ceil(_ROOM * arrivals * usual / 1000))
    said = f"Open {size} connections once and keep them: a pool in the application, or pgbouncer in transaction mode"
    said += f" (default_pool_size = {size})"
    said += f"; {needed}." if needed else "."
    return Remedy(ID, said, None, None, unproven="A pool is a matter of deployment; the recovery will tell.")
