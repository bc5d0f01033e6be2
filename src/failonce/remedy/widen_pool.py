"""Widen the pool for a while, by its arithmetic, when the statement cannot be mended at once.

What it sees
    A statement that does more work than it did and holds the pool, with the connections it holds now and needed
    before (Little's law: calls per second times seconds a call).

Why it matters
    A larger pool is what people reach for. Where connections wait for something it helps; where the processors are
    full it only moves the queue into the database. The arithmetic says how many it would take.

What to do
    Mend the statement: give it an index, a limit or a smaller table. Until then widen the pool by what it holds, no
    further than max_connections and the processors allow, and take it back afterwards. Do not roll back a release
    that is ruled out.

Example
    it holds 14 of 20 connections and needed 0.02: 34 would do until it is mended
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy
from failonce.remedy.found import number

ID = "widen-pool"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 5
CURES = frozenset({"heavier-query"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return what to do while the statement is heavy, and what not."""
    if diagnosis.cause not in CURES:
        return None
    said = "Mend the statement: an index or a limit for what it reads, or fewer rows in its table."
    said += _arithmetic(diagnosis)
    if any(lead.id == "release" for lead in diagnosis.ruled_out) and _released(diagnosis):
        said += " Do not roll the release back: the statement was there before it and is asked as it was."
    return Remedy(ID, said, None, None, unproven="It is a change of the application; its blocks per call will tell.")


def _arithmetic(diagnosis: Diagnosis) -> str:
    held = [e for link in diagnosis.chain for e in link.evidence if e.unit == "connections"]
    holds = number(held[0].value) if held else None
    if holds is None:
        return ""
    needed = number(held[0].baseline) or 0.0
    return (
        f" It holds {holds:,.1f} connections and needed {needed:,.2f}: a pool larger by {holds - needed:,.0f} would"
        " carry it for a while if the processors are not full; take that back afterwards."
    )


def _released(diagnosis: Diagnosis) -> bool:
    """Tell whether a release came at all: whether somebody may think of rolling it back."""
    lead = next(lead for lead in diagnosis.ruled_out if lead.id == "release")
    return any(e.pointer.source == "statements" for e in lead.evidence)
