"""Requests spend their time in the application, not in the database.

What it sees
    Where the requests in flight are: inside the database, waiting for a connection, or in neither of the two. The last
    is the application's own time: its code, another service, the network beyond. And that the database answers as
    quickly as ever: where it does not, the machine or the way to it is what both suffer from.

Why it matters
    The database is accused first and is innocent: every hour spent on its queries is lost.

What to do
    Look at the routes that slowed down and at what they call; set timeouts on calls to other services.

Example
    21 of 22 requests in flight were outside the database; 0.2 sessions active, 0.2 before
"""

from failonce.amount import amount
from failonce.diagnose.case import Case
from failonce.diagnose.connection_questions import are_reused
from failonce.diagnose.pace import is_elsewhere
from failonce.diagnose.questions import is_same_traffic
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "application"
LEAD = "The application's own code or a service it calls"
KIND = FailureKind.CODE
TRIGGERS = ("release",)
#: The part of the added requests in flight that must be found on one side to decide.
_MOST = 0.5


def examine(case: Case) -> Verdict:
    """Return whether the added time is spent outside the database."""
    statement = "Requests wait inside the application or for a service it calls; the database is as quick as before."
    needs = [_is_outside(case), is_same_traffic(case), is_elsewhere(case), are_reused(case)]
    return weigh(ID, statement, needs=needs, proofs=[_database_is_idle(case)])


def _is_outside(case: Case) -> Check:
    now, was = case.during.elsewhere, case.before.elsewhere
    inside, inside_was = case.during.in_flight, case.before.in_flight
    if now is None or inside is None:
        return Check(None)
    grown, outside = inside - (inside_was or 0.0), now - (was or 0.0)
    held = inside - now
    said = (
        f"Of {amount(inside)} requests in flight on average, {amount(now)} were neither in the database nor waiting"
        f" for a connection ({amount(was)} before); {amount(held)} were."
    )
    proof = case.evidence(said, "application", now=now, before=was, unit="requests")
    return Check(grown > 0.5 and outside >= _MOST * grown, proof)


def _database_is_idle(case: Case) -> Check:
    now, was = case.during.active, case.before.active
    if now is None:
        return Check(None)
    said = f"{amount(now)} sessions were active in the database, {amount(was)} before."
    return Check(now - (was or 0.0) < 1.0, case.evidence(said, "sessions", now=now, before=was, unit="sessions"))
