"""Let a statement give up a lock it does not get in time.

What it sees
    A diagnosis in which sessions queue for locks, and how long a request took when all was well.

Why it matters
    Without a bound each waiter keeps its connection until the pool is empty, and pages that need no lock fail with the
    others. With one, only those fail that need the lock.

What to do
    Set it for the application's role, and let the application answer with "try again" on SQLSTATE 55P03. It does not
    end the fault; it keeps it where it is.

Example
    ALTER ROLE CURRENT_USER SET lock_timeout = '1000ms'
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy
from failonce.remedy.limits import lock_timeout_ms, why_so_long

ID = "bound-lock-waits"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 6
CURES = frozenset({"blocking-session", "prepared-transaction", "hot-row", "lock-order", "inefficient-update"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the setting that bounds how long a statement waits for a lock."""
    if diagnosis.cause not in CURES:
        return None
    wait_ms = lock_timeout_ms(diagnosis)
    said = f"Let the application's statements wait {wait_ms} ms for a lock at most ({why_so_long(diagnosis)}): run"
    said += f" `ALTER ROLE CURRENT_USER SET lock_timeout = '{wait_ms}ms'` as the application's role."
    sql = f"ALTER ROLE CURRENT_USER SET lock_timeout = '{wait_ms}ms'"
    undo = "ALTER ROLE CURRENT_USER RESET lock_timeout"
    return Remedy(ID, said, sql, undo, unproven="A setting cannot be planned; the recovery will tell.")
