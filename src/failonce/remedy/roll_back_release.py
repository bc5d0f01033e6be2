"""Roll back the release that brought the culprit statement.

What it sees
    A chain whose trigger is a release, confirmed by the samples in which the culprit ran under it and no other.

Why it matters
    It ends the outage without touching the database, and only then: an innocent release rolled back changes nothing.

What to do
    Deploy the release that ran before; then mend the statement and let it pass the query review before it comes back.

Example
    Roll back v42 to v41: the statement was seen only under v42
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis, Link
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy

ID = "roll-back-release"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 2


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the roll-back when a release set the outage off; it is a matter of deployment, not of plans."""
    trigger = next((link for link in diagnosis.chain if link.id == "release"), None)
    if trigger is None:
        return None
    new = (diagnosis.culprit.release if diagnosis.culprit else None) or _came(trigger) or "the release"
    old = _previous(trigger)
    said = f"Roll back release {new}{f' to {old}' if old else ''}: the fault came with it."
    return Remedy(ID, said, None, None, unproven="A roll-back is proven by the samples that follow it.")


def _came(trigger: Link) -> str | None:
    return next((e.pointer.key for e in trigger.evidence if e.pointer.source == "releases"), None)


def _previous(trigger: Link) -> str | None:
    known = (e.baseline for e in trigger.evidence if e.pointer.source == "releases")
    return next((value for value in known if isinstance(value, str)), None)
