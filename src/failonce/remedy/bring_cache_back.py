"""Bring the cache back, with the hit rate it needs.

What it sees
    A diagnosis that names a statement whose cache answers no more, its calls per second before and now, and what a
    call costs.

Why it matters
    Whether half a cache is enough is arithmetic: the calls that come through, times the seconds of a call, are the
    connections and processors it takes.

What to do
    Roll back, or warm the cache before traffic comes; let only one request compute what many want (a lock or a lease on
    the key), and keep answers a little longer than they are fresh.

Example
    10 calls/s come through and 1.0 did: 90 of 100 were answered by the cache
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy
from failonce.remedy.found import evidence, number

ID = "bring-cache-back"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 4
CURES = frozenset({"cache-lost"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the advice with the arithmetic of the hit rate."""
    calls = evidence(diagnosis, "statements", "calls/s") if diagnosis.cause in CURES else None
    now, was = (number(calls.value), number(calls.baseline) or 0.0) if calls else (None, 0.0)
    if not now:
        return None
    said = (
        f"Bring the cache before it back. {now:,.1f} calls/s reach the database and {was:,.1f} did: the cache answered"
        f" {100 * (1 - was / now):.0f} of 100. Each 10 points of hit rate take {now / 10:,.1f} calls/s off it. Let one"
        " request compute what many want, and warm the cache before traffic comes."
    )
    return Remedy(ID, said, None, None, unproven="It is a change of the application; its calls per second will tell.")
