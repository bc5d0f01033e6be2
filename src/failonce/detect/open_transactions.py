"""Sessions sit in a transaction and do nothing.

What it sees
    Client sessions `idle in transaction` for two seconds and more at this instant. Younger ones are the pauses
    between two statements of one request.

Why it matters
    Each holds a connection of the pool, its locks and the vacuum horizon, and costs no CPU: every system metric
    looks healthy while the pool runs dry.

What to do
    Find the code path that forgets to commit; `idle_in_transaction_session_timeout` bounds the damage meanwhile.

Example
    Sessions idle in transaction for 2 s and more: 7, was 0
"""

from failonce.model.snapshot import Snapshot

ID = "open-transactions"
LABEL = "Sessions idle in transaction for 2 s and more"
UNIT = ""
FLOOR = 0.6
SEEN_BY = "database"
_STUCK_AFTER_S = 2.0


def measure(snapshot: Snapshot) -> float | None:
    """Return the number of stuck transactions; None when sessions could not be read."""
    if snapshot.sessions is None:
        return None
    idle = (s for s in snapshot.sessions if s.state.startswith("idle in transaction"))
    return float(sum((s.state_age_s or 0) >= _STUCK_AFTER_S for s in idle))
