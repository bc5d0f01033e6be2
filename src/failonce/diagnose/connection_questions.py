"""Questions about connections that a cause and a trigger ask, each answered with its measurement."""

from __future__ import annotations

from failonce.amount import amount
from failonce.diagnose import connections
from failonce.diagnose.case import Case
from failonce.diagnose.weigh import Check

#: Connections opened per second from which opening them is work that counts: at 10 ms each, a tenth of a processor.
_MANY = 10.0
#: How many times as many as before.
_MORE = 5.0
#: The part of the connections that must still be open where a pool keeps them.
_KEPT = 0.5


def are_opened(case: Case) -> Check:
    """Ask whether connections are opened time and again, and were not before."""
    now, was = connections.opened_per_s(case.during), connections.opened_per_s(case.before)
    if now is None:
        return Check(None)
    arrivals = case.during.arrivals_per_s
    said = f"{amount(now)} connections were opened per second, {amount(was)} before"
    said += f", for {amount(arrivals)} requests." if arrivals else "."
    proof = case.evidence(said, "database", now=now, before=was, unit="connections/s")
    return Check(now >= _MANY and now >= _MORE * (was or 0.0), proof)


def are_kept(case: Case) -> Check:
    """Ask whether connections stay open from one request to the next, as far as they did before."""
    now, was = connections.usual(case.during), connections.usual(case.before)
    if now is None or was is None:
        return Check(None)
    said = f"{amount(now)} connections are open, typically; {amount(was)} before."
    return Check(now >= _KEPT * was, case.evidence(said, "sessions", now=now, before=was, unit="connections"))
