"""Bound what the application waits for.

What it sees
    A diagnosis of the application itself or of a service it calls.

Why it matters
    A slow service must cost its own part of the page and not the page.

What to do
    Set a timeout shorter than a visitor's patience on each call to others, and show the page without. Where a release
    brought it, roll that back first.

Example
    a timeout of 0.2 s on the nutrition service; the page without it is worth showing
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy

ID = "bound-calls"
RANK = 7
CURES = frozenset({"application"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return what can be done outside the database."""
    if diagnosis.cause not in CURES:
        return None
    said = (
        "Leave the database alone. Look at the routes that slowed down: profile them, or bound the calls they make to"
        " other services with a timeout well below a visitor's patience, and answer without what did not come."
    )
    return Remedy(ID, said, None, None, unproven="It is no matter of plans; the response times tell.")
