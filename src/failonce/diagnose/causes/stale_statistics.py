"""The planner's statistics are outdated, and its plan with them.

What it sees
    An old statement that took the load reads many times the blocks a call for the same answer, and a great part of
    the rows of a table it reads was written since statistics were last gathered. No more rows of it are dead than
    alive: then it would be those.

Why it matters
    After an import or a bulk update the planner still counts on the table of yesterday. It looks like a lost index.

What to do
    ANALYZE the table. Then let bulk loads end with it, and give large tables a smaller
    autovacuum_analyze_scale_factor.

Example
    250,000 of 700,000 rows of orders were written since they were analyzed; a call reads 20,300 blocks, 60 before
"""

from failonce.diagnose.case import Case
from failonce.diagnose.plans import index_is_gone, rows_are_dead, statistics_are_outdated
from failonce.diagnose.questions import is_one_statement, reads_more_for_the_same
from failonce.diagnose.weigh import weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "stale-statistics"
LEAD = "A planner with outdated statistics"
KIND = FailureKind.SLOW_QUERY
TRIGGERS = frozenset({"bulk-write"})


def examine(case: Case) -> Verdict:
    """Return whether the statement is planned by numbers that are no longer true."""
    suspect = case.suspect
    if suspect is None:
        return weigh(ID, LEAD, needs=[is_one_statement(case)])
    return weigh(
        ID,
        "The statement is planned by statistics from before most of its table's rows were written.",
        needs=[
            *reads_more_for_the_same(case, suspect),
            statistics_are_outdated(case, suspect),
            rows_are_dead(case, suspect).negated(),
            index_is_gone(case).negated(),
        ],
        culprit=case.culprit(suspect),
    )
