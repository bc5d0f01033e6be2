"""A prepared statement got one plan for all values, and it suits none.

What it sees
    An old statement that took the load reads many times the blocks a call for the same answer, and is no longer
    planned at each call. Plans are counted where pg_stat_statements.track_planning is on; where it is off, this cannot
    be told.

Why it matters
    After five runs PostgreSQL may keep a plan made for any value. It cannot use a partial index, nor know that the
    value asked for is rare. EXPLAIN with the value shows the good plan, so nobody believes it.

What to do
    Set plan_cache_mode to force_custom_plan for the role, or let the driver not prepare this statement.

Example
    planned 1 times a call before, 0.04 now; a call reads 16,500 blocks, 52 before
"""

from failonce.diagnose.case import Case
from failonce.diagnose.plans import index_is_gone, is_planned_no_more, plan_setting_changed
from failonce.diagnose.questions import is_one_statement, reads_more_for_the_same
from failonce.diagnose.weigh import weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "generic-plan"
LEAD = "A plan for any value"
KIND = FailureKind.SLOW_QUERY
EXPLAINS = frozenset({"heavier-query"})
TRIGGERS = frozenset({"release"})


def examine(case: Case) -> Verdict:
    """Return whether the statement runs with a plan made once."""
    suspect = case.suspect
    if suspect is None:
        return weigh(ID, LEAD, needs=[is_one_statement(case)])
    return weigh(
        ID,
        "The statement is prepared and runs with one plan for all values, which suits none of them.",
        needs=[
            *reads_more_for_the_same(case, suspect),
            is_planned_no_more(case, suspect),
            index_is_gone(case).negated(),
            plan_setting_changed(case).negated(),
        ],
        culprit=case.culprit(suspect),
    )
