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

from failonce.diagnose import connections
from failonce.diagnose.case import Case
from failonce.diagnose.connection_questions import are_opened
from failonce.diagnose.questions import is_same_traffic, nobody_changed
from failonce.diagnose.weigh import weigh
from failonce.model.diagnosis import Culprit, Verdict
from failonce.model.failure import FailureKind

ID = "connection-storm"
LEAD = "A connection opened for every request"
#: Who connects is neither in the database nor waiting for the pool: it looks like the application.s own time.
EXPLAINS = ("application",)
KIND = FailureKind.CONNECTIONS


def examine(case: Case) -> Verdict:
    """Return whether connections are opened time and again."""
    needs = [are_opened(case), nobody_changed(case)]
    statement = "A connection is opened for nearly every request: connecting is the work the server does."
    young = [g for c in connections.seen(case.during) for g in c.groups if g.young]
    # Who is just connecting has no name yet.
    most = max(young, key=lambda g: (bool(g.application), g.young), default=None)
    applications = [a.release for a in case.during.applications if a.release]
    release = applications[-1] if applications else None
    blamed = Culprit(None, None, (), release, (), most.application, most.user) if most else None
    return weigh(ID, statement, needs=needs, proofs=[is_same_traffic(case)], culprit=blamed)
