"""Questions about connections that a cause and a trigger ask, each answered with its measurement."""

from __future__ import annotations

from collections import Counter

from failonce.amount import amount, percent
from failonce.diagnose import connections
from failonce.diagnose.case import Case
from failonce.diagnose.weigh import Check

#: Connections opened per second from which opening them is work that counts: at 10 ms each, a tenth of a processor.
_MANY = 10.0
#: How many times as many as before.
_MORE = 5.0
#: The part of the connections that must still be open where a pool keeps them.
_REUSED = 0.5
#: Connections kept beyond what was usual from which it is a leak.
_LEAKED = 2.0
#: The part of them that must be the release's: one of the old may be closing.
_NEARLY_ALL = 0.9


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


def are_reused(case: Case) -> Check:
    """Ask whether connections stay open from one request to the next, as far as they did before."""
    now, was = connections.usual(case.during), connections.usual(case.before)
    if now is None or was is None:
        return Check(None)
    said = f"{amount(now)} connections are open, typically; {amount(was)} before."
    return Check(now >= _REUSED * was, case.evidence(said, "sessions", now=now, before=was, unit="connections"))


def leaked_by_release(case: Case) -> Check | None:
    """Ask whether the connections that nobody gives back are all a new release's; None where none are kept."""
    stuck, was = sum(case.during.stuck.values()), sum(case.before.stuck.values())
    lent, lent_before = connections.lent_and_idle(case.during), connections.lent_and_idle(case.before)
    if stuck - was >= _LEAKED:
        return _only_under_new(case, stuck, case.during.stuck_releases)
    if lent is not None and lent - (lent_before or 0.0) >= _LEAKED:
        return _only_under_new(case, lent, connections.releases_of(connections.idle(case.during)))
    return None


def _only_under_new(case: Case, kept: float, releases: Counter[str]) -> Check:
    if not releases or not case.release_changes:
        return Check(None)
    _, new = case.release_changes[-1]
    share = releases[new.release] / releases.total()
    said = f"{amount(kept)} connections are kept and do nothing, {percent(share)} of them under release {new.release}."
    return Check(share >= _NEARLY_ALL, case.evidence(said, "sessions", now=share, unit="share", key=new.release))
