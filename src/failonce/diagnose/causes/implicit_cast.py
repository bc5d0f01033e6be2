"""A parameter has another type than before, and the column is cast instead of looked up.

What it sees
    An old statement that took the load reads many times the blocks a call for the same answer; its text is the same,
    but the server counts it under another query id: the types of its parameters are part of that. When it reads about
    all of its table, the verdict is confirmed.

Why it matters
    A bigint compared with a numeric becomes numeric, row by row, and no index on it serves. The text is the same in the
    code, in the logs and in pg_stat_statements.

What to do
    Roll back, or cast the parameter and not the column: number = ?::bigint. Look for what changed the type in the code:
    a driver, an object mapper, a decimal where an integer was.

Example
    orders by number: all of its calls have another query id since r12; 16,300 blocks a call, 4 before
"""

from failonce.diagnose.case import Case
from failonce.diagnose.plans import index_is_gone, is_another_statement, plan_setting_changed
from failonce.diagnose.questions import is_one_statement, reads_more_for_the_same, reads_whole_relation
from failonce.diagnose.weigh import weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "implicit-cast"
LEAD = "A parameter of another type"
KIND = FailureKind.SLOW_QUERY
EXPLAINS = frozenset({"heavier-query"})
TRIGGERS = frozenset({"release"})


def examine(case: Case) -> Verdict:
    """Return whether the statement's parameters changed their type."""
    suspect = case.suspect
    if suspect is None:
        return weigh(ID, LEAD, needs=[is_one_statement(case)])
    return weigh(
        ID,
        "The statement comes with a parameter of another type: the column is cast, row by row, and no index serves.",
        needs=[
            *reads_more_for_the_same(case, suspect),
            is_another_statement(case, suspect),
            index_is_gone(case).negated(),
            plan_setting_changed(case).negated(),
        ],
        proofs=[reads_whole_relation(case, suspect)],
        culprit=case.culprit(suspect),
    )
