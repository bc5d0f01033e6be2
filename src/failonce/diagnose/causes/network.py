"""The way to the database has become long.

What it sees
    The round trip of the smallest statement there is, on a connection that was open before; and how much of the added
    response time so many round trips can explain.

Why it matters
    It is the first suspicion in half of all outages, and it can be measured in a millisecond.

What to do
    Compare the round trip from another machine; look at retransmissions before calling the provider.

Example
    round trip 80 ms, 0.3 before: six of them a request make the 480 ms
"""

from failonce.amount import amount, percent
from failonce.diagnose.case import Case
from failonce.diagnose.pace import SLOWER, pace_factor
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "network"
LEAD = "The network"
KIND = FailureKind.NETWORK
#: Milliseconds that one hop more, or a busy scheduler, may add.
_HOP_MS = 2.0
#: Milliseconds that no scheduler explains, where it is not known what users feel.
_FAR_MS = 10.0
#: Milliseconds of response time that users feel, as detect/slow_responses has it: less is nothing to be explained.
_FELT_MS = 8.0
#: The part of the added response time the added round trips must explain.
_MOST = 0.3
#: Busy share of all processors from which even the smallest statement waits for its turn.
_SATURATED = 0.9
#: Round trips of a request where statements cannot be counted: begin, query, commit, twice.
_TRIPS = 6.0


def examine(case: Case) -> Verdict:
    """Return whether round trips explain the added response time."""
    now, was = case.during.probe_ms, case.before.probe_ms
    statement = f"A round trip to the database takes {amount(now, 'ms')}, {amount(was, 'ms')} before."
    return weigh(ID, statement, needs=[_is_farther(case), _server_is_quick(case)], proofs=[_server_is_idle(case)])


def _is_farther(case: Case) -> Check:
    now, was = case.during.probe_ms, case.before.probe_ms
    if now is None or was is None:
        return Check(None)
    added = max(0.0, now - was)
    slower = None if case.during.p95_ms is None else case.during.p95_ms - (case.before.p95_ms or 0.0)
    explained = added * _trips(case)
    said = f"A round trip to the database took {amount(now, 'ms')}, {amount(was, 'ms')} before"
    said += (
        f"; that explains {amount(explained, 'ms')} of {amount(slower, 'ms')} added." if slower and slower > 0 else "."
    )
    proof = case.evidence(said, "probe", now=now, before=was, unit="ms")
    # A longer way lengthens every round trip; a busy machine most of them, and now and then one gets its turn at once.
    quickest = (case.during.quickest_probe_ms or 0.0) - (case.before.quickest_probe_ms or 0.0)
    if slower is None:
        return Check(quickest > _FAR_MS, proof)
    return Check(quickest > _HOP_MS and slower >= _FELT_MS and explained >= _MOST * slower, proof)


def _trips(case: Case) -> float:
    """Return how many round trips a request made before: its statements, and one to end the transaction."""
    requests = sum(a.requests for a in case.before.applications)
    calls = sum(w.calls for w in case.before.statements.values())
    return calls / requests + 1 if requests and calls else _TRIPS


def _server_is_quick(case: Case) -> Check:
    """A server out of breath answers the smallest statement late as well: only where it is not is the way to blame."""
    factor, busy = pace_factor(case), case.during.host(lambda h: h.cpu_busy)
    if factor is not None:
        said = f"Statements take {amount(factor)} times what they took before, measured in the server."
        return Check(factor <= SLOWER, case.evidence(said, "statements", now=factor, before=1.0, unit="ratio"))
    if busy is None:
        return Check(None)
    said = f"The server's processors are {percent(busy)} busy."
    return Check(busy < _SATURATED, case.evidence(said, "host", now=busy, unit="share"))


def _server_is_idle(case: Case) -> Check:
    now, was = case.during.active, case.before.active
    if now is None:
        return Check(None)
    said = f"{amount(now)} sessions were at work on the server, {amount(was)} before."
    return Check(now - (was or 0.0) < 1.0, case.evidence(said, "sessions", now=now, before=was, unit="sessions"))
