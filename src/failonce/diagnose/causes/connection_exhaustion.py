"""All connections the server allows are taken.

What it sees
    The number of client connections against max_connections, less those reserved for superusers; and whose connections
    have become more.

Why it matters
    Whoever comes next is refused: `too many clients already`. Requests fail at once, people who want to look cannot get
    in, and the statements that still run are as fast as ever.

What to do
    End the idle connections of whoever has most of them, then mend who opens them. Put a pooler in between before
    raising max_connections: each connection costs memory whether or not it works.

Example
    100 of 100 connections, 88 of them of the application spiceshare, 12 before
"""

from failonce.amount import amount, percent
from failonce.diagnose import connections
from failonce.diagnose.case import Case
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Culprit, Verdict
from failonce.model.failure import FailureKind

ID = "connection-exhaustion"
LEAD = "A server without a free connection"
KIND = FailureKind.CONNECTIONS
#: Each refusal costs the server a process; so the next round trip, and whoever gets in, waits behind many.
EXPLAINS = ("connection-storm", "network")
#: The part of the counts since the onset in which the limit must be reached.
_OFTEN = 0.3
#: The part of all connections that one application must have to be named for it.
_MOST = 0.5


def examine(case: Case) -> Verdict:
    """Return whether no further connection fits in."""
    group = connections.grown(case.before, case.during)
    needs = [_is_full(case)]
    if group is None:
        return weigh(ID, LEAD, needs=needs)
    idle = [g for g in connections.idle(case.during) if (g.user, g.application) == (group.user, group.application)]
    releases = connections.releases_of(idle).most_common(1)
    blamed = Culprit(None, None, (), releases[0][0] if releases else None, (), group.application or None)
    statement = "The server takes no more connections: whoever comes now is refused."
    return weigh(ID, statement, needs=needs, proofs=[_is_one(case)], culprit=blamed)


def _is_full(case: Case) -> Check:
    now, was = connections.most(case.during), connections.usual(case.before)
    counts = connections.seen(case.during)
    if now is None:
        return Check(None)
    usable, share = connections.usable(counts[-1]), connections.full(case.during)
    said = f"{amount(now)} of {amount(counts[-1].limit)} connections were open at most ({amount(usable)} for ordinary"
    said += f" roles), {amount(was)} before, typically."
    proof = case.evidence(said, "connections", now=now, before=was, unit="connections")
    return Check(share >= _OFTEN and now > (was or 0), proof)


def _is_one(case: Case) -> Check:
    group, total = connections.grown(case.before, case.during), connections.most(case.during)
    if group is None or not total:
        return Check(None)
    share = group.total / total
    whose = group.application or f"user {group.user}"
    said = f"{amount(group.total)} of them ({percent(share)}) were of {whose}, {amount(group.idle)} idle."
    proof = case.evidence(said, "connections", now=group.total, unit="connections", key=group.application)
    return Check(share >= _MOST, proof)
