"""Give the machine back to the database.

What it sees
    A diagnosis of a machine that others took.

Why it matters
    No change to the database helps while it does not get the processor or the disk.

What to do
    End the other program, or make it yield: a lower priority, a share of the processors (cgroup), another hour. Then
    give the database a machine of its own.

Example
    renice -n 19 and ionice -c 3 for the program named in the diagnosis
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy

ID = "move-neighbour"
RANK = 6
CURES = frozenset({"host"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return how the neighbour can be made to yield."""
    if diagnosis.cause not in CURES:
        return None
    said = (
        "Make the other program yield (renice -n 19, ionice -c 3, a cgroup's share), or move it to another hour or"
        " machine. Where the hypervisor steals the time (steal), ask the provider."
    )
    return Remedy(ID, said, None, None, unproven="It is no matter of plans; the statements' times tell.")
