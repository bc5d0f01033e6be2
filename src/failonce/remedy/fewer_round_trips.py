"""Live with a longer way, or shorten it.

What it sees
    A diagnosis of the network, with the round trip before and now.

Why it matters
    A page pays each round trip in full: three statements at 30 ms are 90 ms, whatever the server does.

What to do
    Compare the round trip from another machine and look for retransmissions before calling the provider. Put what a
    page asks one after the other into one statement or a pipeline.

Example
    a round trip of 31 ms, 1.4 before
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy

ID = "fewer-round-trips"
RANK = 6
CURES = frozenset({"network"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return where to look first, and what helps whatever is found."""
    if diagnosis.cause not in CURES:
        return None
    said = (
        "Measure the way from a second machine (psql -c 'SELECT 1', ss -ti for retransmissions): if only one is far, it"
        " is its path. Meanwhile fewer round trips a page help in proportion; a larger pool only hides them."
    )
    return Remedy(ID, said, None, None, unproven="It is no matter of plans; the round trip tells.")
