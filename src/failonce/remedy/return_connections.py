"""Get back the connections that a code path keeps.

What it sees
    A diagnosis that names a pool leak, and the statement that the lost connections ran last.

Why it matters
    They are idle outside a transaction: no timeout but idle_session_timeout ends them, and that would end a healthy
    pool's as well.

What to do
    Restart the application's processes: the pool starts full. It is empty again as soon as the code path has been taken
    as often as the pool is large; so mend it, or roll its release back. A larger pool only takes longer.

Example
    Restart spiceshare; then borrow in a block that ends, where it runs: insert into favourites ...
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy

ID = "return-connections"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 4
CURES = frozenset({"pool-leak"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return what gives the pool its connections back, and where to mend it."""
    culprit = diagnosis.culprit
    if diagnosis.cause not in CURES or culprit is None:
        return None
    who = culprit.application or "the application"
    said = f"Restart {who}, one process after the other: its pool starts full again."
    mend = "Borrow a connection in a block that gives it back however it ends"
    mend += f", where this statement runs: `{culprit.query}`." if culprit.query else "."
    why = "How long it takes to come back depends on how often that code path is taken; the recovery will tell."
    return Remedy(ID, said, None, None, unproven=why, afterwards=(mend,))
