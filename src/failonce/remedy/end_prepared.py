"""End a prepared transaction that its coordinator forgot.

What it sees
    A diagnosis that names a prepared transaction, by its gid.

Why it matters
    It has no session that could be ended, and no timeout of the server reaches it.

What to do
    Ask the coordinator what it decided: what it committed elsewhere must be committed here. If it knows nothing of it,
    roll it back, as its owner or a superuser, in the same database.

Example
    ROLLBACK PREPARED 'restock-17'
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy
from failonce.remedy.limits import quoted

ID = "end-prepared"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 3
CURES = frozenset({"prepared-transaction"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the statement that ends the prepared transaction."""
    gid = _gid(diagnosis)
    if diagnosis.cause not in CURES or gid is None:
        return None
    said = (
        f"Roll back the prepared transaction {gid}, unless its coordinator has committed it elsewhere: then commit it."
    )
    why = "Only the coordinator knows how it was meant to end; the recovery will tell."
    watch = "Alert on rows of pg_prepared_xacts older than a minute; where nothing uses two-phase commit, set"
    watch += " max_prepared_transactions to 0."
    return Remedy(ID, said, f"ROLLBACK PREPARED {quoted(gid)}", None, unproven=why, afterwards=(watch,))


def _gid(diagnosis: Diagnosis) -> str | None:
    told = (e.value for link in diagnosis.chain for e in link.evidence if e.pointer.source == "prepared")
    return next((value for value in told if isinstance(value, str)), None)
