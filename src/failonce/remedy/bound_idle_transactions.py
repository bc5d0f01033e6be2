"""Let the server end transactions that were forgotten.

What it sees
    A diagnosis of leaked sessions that no release can be blamed for.

Why it matters
    It gives the pool its connections back while the code is still being mended, and bounds the damage of the next leak.

What to do
    Set it for the application's role, not for everybody: a maintenance session may have its reasons.

Example
    ALTER ROLE shop SET idle_in_transaction_session_timeout = '10s'
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy

ID = "bound-idle-transactions"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 4
CURES = frozenset({"session-leak"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the setting that ends forgotten transactions."""
    if diagnosis.cause not in CURES:
        return None
    sql = "ALTER ROLE CURRENT_USER SET idle_in_transaction_session_timeout = '10s'"
    said = "End transactions that sit idle for more than 10 s. Run it as the application's role; new sessions obey it."
    undo = "ALTER ROLE CURRENT_USER RESET idle_in_transaction_session_timeout"
    return Remedy(ID, said, sql, undo, unproven="A setting cannot be planned; the recovery will tell.")
