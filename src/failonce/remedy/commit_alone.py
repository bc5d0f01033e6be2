"""Let commits return without the standby.

What it sees
    A diagnosis of commits that wait for a synchronous standby.

Why it matters
    One setting and a reload end the outage: all that wait return at once. The price is what the standby was for: while
    it is away, the loss of this machine is the loss of what was committed since.

What to do
    Weigh the price, run it as a superuser and reload. Bring the standby back, let it catch up, and set the list as it
    was, with a second standby in it.

Example
    ALTER SYSTEM SET synchronous_standby_names = ''
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy
from failonce.remedy.found import cause, evidence, number

ID = "commit-alone"
RANK = 3
CURES = frozenset({"synchronous-standby"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the setting with its price."""
    link = cause(diagnosis) if diagnosis.cause in CURES else None
    # Where the standby has all and only replays nothing, there is a cheaper way: that is another remedy.
    if link is None or evidence(diagnosis, "server", "bytes") is not None:
        return None
    waiting = next((number(e.value) for e in link.evidence if e.unit == "sessions"), None) or 0.0
    said = (
        "Let commits return without the standby: empty synchronous_standby_names, then SELECT pg_reload_conf()."
        f" The {waiting:,.0f} that wait return at once. The price: until it is back, whatever is committed is on this"
        " machine alone, and lost with it."
    )
    why = "It is no matter of plans; the waits for SyncRep tell."
    afterwards = (
        "Bring the standby back and let it catch up (pg_stat_replication.replay_lag), then list it again.",
        "List two, and wait for whichever is first: synchronous_standby_names = 'ANY 1 (a, b)'.",
    )
    undo = "ALTER SYSTEM RESET synchronous_standby_names"
    return Remedy(
        ID, said, "ALTER SYSTEM SET synchronous_standby_names = ''", undo, unproven=why, afterwards=afterwards
    )
