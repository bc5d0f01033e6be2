"""Let the application do what it may not.

What it sees
    A diagnosis of a missing permission, and the object it names.

Why it matters
    A grant takes effect with the next statement; rolling back takes a deployment.

What to do
    Grant what the statement needs and no more. Then let the migrations' role set default privileges, so that the next
    table comes with them.

Example
    GRANT SELECT ON collections TO the application's role
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy

ID = "grant-permission"
RANK = 5
CURES = frozenset({"permission-denied"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the grant in words: the log names the object, and neither the role nor the privilege."""
    culprit = diagnosis.culprit
    if diagnosis.cause not in CURES or culprit is None or not culprit.relations:
        return None
    name = culprit.relations[0]
    said = f"Grant the application's role what it needs on {name}, as its owner: GRANT SELECT ON {name} TO <role>; and"
    said += " INSERT, UPDATE, DELETE where it writes."
    return Remedy(ID, said, None, None, unproven="It is no matter of plans; the next request tells.")
