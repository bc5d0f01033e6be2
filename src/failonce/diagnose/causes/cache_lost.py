"""What used to be answered from a cache is worked out anew for each request.

What it sees
    An old statement is called many times as often while no more requests arrive, about once a request or less, and
    does the same work a call. Most of the statement time that was added is its own.

Why it matters
    The statement was always slow and nobody minded. Its text, plan and table are as they were; looking at them finds
    nothing.

What to do
    Bring the cache back: roll back, or warm it. See from the rates what it hit before and what it must hit for the
    database to keep up.

Example
    bestsellers: 12.6 calls/s, 0.4 before, 6,400 blocks a call as ever; the cache answered 97 of 100
"""

from failonce.amount import amount
from failonce.diagnose.calls import (
    culprit,
    has_most_load,
    has_most_time,
    is_called_more,
    is_row_by_row,
    is_same_work,
    is_the_applications,
)
from failonce.diagnose.case import Case
from failonce.diagnose.questions import is_same_traffic
from failonce.diagnose.surge import Surge
from failonce.diagnose.weigh import weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "cache-lost"
LEAD = "A cache that answers no more"
KIND = FailureKind.CACHE
TRIGGERS = frozenset({"release"})


def examine(case: Case) -> Verdict:
    """Return whether a statement lost the cache before it."""
    found = case.surge
    if found is None:
        return weigh(ID, LEAD, needs=[is_called_more(case, None)])
    return weigh(
        ID,
        f"The statement runs {_oftener(found)} for the same requests: what was kept is worked out anew.",
        needs=[
            is_called_more(case, found),
            is_same_work(case, found),
            is_row_by_row(case, found).negated(),
            has_most_time(case, found),
            has_most_load(case, found),
            is_same_traffic(case),
            is_the_applications(case, found),
        ],
        culprit=culprit(case, found),
    )


def _oftener(found: Surge) -> str:
    before = found.calls_per_s_before
    return f"{amount(found.calls_per_s / before)} times as often" if before else "time and again, and rarely before,"
