"""Serve less now, and more tomorrow.

What it sees
    A diagnosis of traffic, with the requests that arrive and how busy the processors were before.

Why it matters
    No index helps against three times the visitors; what is needed can be reckoned.

What to do
    Turn away what is over the limit, cheapest first: robots, then retries. Then add capacity for the difference.

Example
    50 requests/s took 20 % of the processors: this machine serves about 200; 600 arrive
"""

from __future__ import annotations

from failonce.amount import amount, percent
from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy

ID = "add-capacity"
RANK = 6
CURES = frozenset({"traffic"})
#: Beyond this share of the processors everything queues.
_USABLE = 0.8


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the limit to set and the capacity that lacks, with the arithmetic where it was measured."""
    if diagnosis.cause not in CURES:
        return None
    now, was = _before_and_now(diagnosis, "traffic", "requests/s")
    _, busy = _before_and_now(diagnosis, "cpu-saturation", "share")
    said = "Limit requests at the load balancer to what is served in time, and look for who sends the rest."
    if now and was and busy:
        served = _USABLE * was / busy
        said += (
            f" {amount(was)} requests/s kept the processors {percent(busy)} busy, so this machine serves about"
            f" {amount(served)}; {amount(now)} arrive and take {amount(now / served)} of it."
        )
    return Remedy(ID, said, None, None, unproven="Capacity is proven by a load test.")


def _before_and_now(diagnosis: Diagnosis, link_id: str, unit: str) -> tuple[float | None, float | None]:
    found = (e for link in diagnosis.chain if link.id == link_id for e in link.evidence if e.unit == unit)
    evidence = next(found, None)
    values = (evidence.value, evidence.baseline) if evidence else (None, None)
    now, was = (float(v) if isinstance(v, int | float) else None for v in values)
    return now, was
