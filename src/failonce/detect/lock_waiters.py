"""Sessions wait for locks.

What it sees
    Client sessions whose wait event is of type `Lock` at this instant.

Why it matters
    Waiters do no work and hold their own locks and connections meanwhile: queues grow in a chain.

What to do
    Look at the root of the chain, not at the waiters.

Example
    Sessions waiting for a lock: 9, was 0
"""

from failonce.model.snapshot import Snapshot

ID = "lock-waiters"
LABEL = "Sessions waiting for a lock"
UNIT = ""
FLOOR = 0.6
SEEN_BY = "database"


def measure(snapshot: Snapshot) -> float | None:
    """Return the number of client sessions that wait for a lock; None when sessions could not be read."""
    if snapshot.sessions is None:
        return None
    return float(sum(s.wait_type == "Lock" and s.kind == "client backend" for s in snapshot.sessions))
