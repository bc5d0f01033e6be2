"""End the session at the root of the lock queues.

What it sees
    A diagnosis that names a blocking session.

Why it matters
    Nothing else helps while it holds its lock: the waiters cannot be tuned.

What to do
    End it, after a look at whose it is: its open transaction is rolled back. failonce never does it by itself.

Example
    SELECT pg_terminate_backend(4711)
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy

ID = "end-session"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 3
CURES = frozenset({"blocking-session"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the statement that ends the root session."""
    culprit = diagnosis.culprit
    if diagnosis.cause not in CURES or culprit is None or not culprit.sessions:
        return None
    pid = culprit.sessions[0]
    said = f"End session {pid}: its transaction is rolled back and its locks are free. Look first whose it is."
    why = "What a session was about to do cannot be planned; the recovery will tell."
    return Remedy(ID, said, f"SELECT pg_terminate_backend({pid})", None, unproven=why)
