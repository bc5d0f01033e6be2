"""Give an exhausted sequence more numbers.

What it sees
    A diagnosis of an exhausted sequence, by name.

Why it matters
    It takes a moment, and it is the whole fix where only the sequence's own maximum ended.

What to do
    Raise it. Where the column is an integer, it must become a bigint as well, which rewrites the table under a lock:
    plan that, and until then let the sequence begin again below zero, which doubles its numbers.

Example
    ALTER SEQUENCE reviews_id_seq AS bigint NO MAXVALUE
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy

ID = "raise-sequence"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 5
CURES = frozenset({"sequence-exhausted"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the statement that raises the maximum."""
    culprit = diagnosis.culprit
    if diagnosis.cause not in CURES or culprit is None or not culprit.relations:
        return None
    name = culprit.relations[0]
    said = f"Give {name} more numbers. A column of type integer ends at 2,147,483,647 whatever its sequence says."
    sql = f"ALTER SEQUENCE {name} AS bigint NO MAXVALUE"
    return Remedy(ID, said, sql, None, unproven="It is no matter of plans; the next insert tells.")
