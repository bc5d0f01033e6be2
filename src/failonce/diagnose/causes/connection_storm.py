"""Connections are opened all the time, one for each request or so.

What it sees
    How many connections the server opens per second, in the typical second and not only at a deployment; and whose the
    young ones are.

Why it matters
    For each the server starts a process, checks a password and fills empty caches: ten milliseconds of a processor that
    appear in no statement's statistics. The statements look slow and are innocent.

What to do
    Give the application a pool, or put a pooler in between; then look why the pool was lost.

Example
    51 connections opened per second for 50 requests, 0 before
"""

from failonce.amount import amount
from failonce.diagnose import connections
from failonce.diagnose.case import Case
from failonce.diagnose.questions import is_same_traffic, nobody_changed
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Culprit, Verdict

ID = "connection-storm"
LEAD = "Connections opened all the time"
#: Connections opened per second from which opening them is work that counts: at 10 ms each, a tenth of a processor.
_MANY = 10.0
#: How many times as many as before.
_MORE = 5.0


def examine(case: Case) -> Verdict:
    """Return whether connections are opened time and again."""
    needs = [_are_opened(case), nobody_changed(case)]
    statement = "A connection is opened for nearly every request: connecting is the work the server does."
    young = [g for c in connections.seen(case.during) for g in c.groups if g.young]
    most = max(young, key=lambda g: g.young, default=None)
    applications = [a.release for a in case.during.applications if a.release]
    release = applications[-1] if applications else None
    blamed = Culprit(None, None, (), release, (), most.application, most.user) if most else None
    return weigh(ID, statement, needs=needs, proofs=[is_same_traffic(case)], culprit=blamed)


def _are_opened(case: Case) -> Check:
    now, was = connections.opened_per_s(case.during), connections.opened_per_s(case.before)
    if now is None:
        return Check(None)
    arrivals = case.during.arrivals_per_s
    said = f"{amount(now)} connections were opened per second, {amount(was)} before"
    said += f", for {amount(arrivals)} requests." if arrivals else "."
    proof = case.evidence(said, "database", now=now, before=was, unit="connections/s")
    return Check(now >= _MANY and now >= _MORE * (was or 0.0), proof)
