"""Lock rows in one order on every code path.

What it sees
    A diagnosis that names locks taken in opposite order, and a statement of the pair.

Why it matters
    One order for all makes a circle impossible: whoever comes second waits a moment and gets its turn. No index, no
    timeout and no machine does that.

What to do
    Lock all rows a transaction will change before the first change, sorted by key; or bring the statements of all code
    paths into the same order. Retry what the server ends as a deadlock: it did nothing.

Example
    SELECT 1 FROM counters WHERE name = ANY ($1) ORDER BY name FOR UPDATE
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy

ID = "order-locks"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 5
CURES = frozenset({"lock-order"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the rewrite that takes locks in one order."""
    culprit = diagnosis.culprit
    if diagnosis.cause not in CURES or culprit is None:
        return None
    table = culprit.relations[0] if culprit.relations else "the table"
    said = f"Let every transaction lock its rows of {table} first, in the order of their key:"
    said += f" `SELECT 1 FROM {table} WHERE <key> = ANY ($1) ORDER BY <key> FOR UPDATE`, and then change them."
    retry = "Retry a transaction that fails with SQLSTATE 40P01, twice at most: nothing of it was done."
    why = "An order of locks is a matter of the application's code; deadlocks counted as before and after will tell."
    return Remedy(ID, said, None, None, unproven=why, afterwards=(retry,))
