"""More requests arrive than the system can serve.

What it sees
    Requests that arrive, finished or not, against before; and whether the work per statement stayed the same.

Why it matters
    Users report the same thing as in an outage from a bad query, and the two want opposite remedies. Commits per
    second are no measure of it: parallel workers count too.

What to do
    Shed or throttle the excess, then add capacity; look for who sends it before calling it an attack.

Example
    390 requests/s, 50 before; the median statement reads as many blocks a call as ever
"""

from failonce.amount import amount
from failonce.diagnose.case import Case
from failonce.diagnose.questions import is_more_traffic, nobody_changed
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "traffic"
LEAD = "A traffic spike or attack"
KIND = FailureKind.CAPACITY


def examine(case: Case) -> Verdict:
    """Return whether demand itself grew beyond what is served."""
    now, was = case.during.arrivals_per_s, case.before.arrivals_per_s
    statement = f"Demand grew from {amount(was)} to {amount(now)} requests per second, beyond what the system serves."
    return weigh(ID, statement, needs=[is_more_traffic(case)], proofs=[_is_same_work(case), nobody_changed(case)])


def _is_same_work(case: Case) -> Check:
    factor = case.work_factor
    if factor is None:
        return Check(None)
    said = f"The work per call is the old one: the median statement reads {amount(factor)} times the blocks it read."
    return Check(0.5 <= factor <= 2, case.evidence(said, "statements", now=factor, before=1.0, unit="ratio"))
