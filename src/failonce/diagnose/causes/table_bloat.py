"""A table is full of dead rows, and whoever reads it reads them too.

What it sees
    An old statement that took the load reads many times the blocks a call for the same answer, and a table it reads
    holds more dead rows than rows alive, many more than before.

Why it matters
    Deleted and updated rows, and those of a transaction that was rolled back, stay until vacuum removes them.
    Autovacuum may be off for the table, too slow, or held up by an old transaction.

What to do
    VACUUM the table; end the old transaction first if there is one. Space in the middle of the file is used again but
    not given back: pg_repack or VACUUM FULL do that.

Example
    messages: 250,000 dead rows beside 500 alive; a call reads 41,700 blocks, 36 before
"""

from failonce.diagnose.case import Case
from failonce.diagnose.horizon import dead_rows_stay
from failonce.diagnose.plans import index_is_gone, rows_are_dead
from failonce.diagnose.questions import is_one_statement, reads_more_for_the_same
from failonce.diagnose.weigh import weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "table-bloat"
LEAD = "A bloated table"
KIND = FailureKind.VACUUM
TRIGGERS = frozenset({"bulk-write"})


def examine(case: Case) -> Verdict:
    """Return whether the statement wades through dead rows."""
    suspect = case.suspect
    if suspect is None:
        return weigh(ID, LEAD, needs=[is_one_statement(case)])
    return weigh(
        ID,
        "Most rows of the table are dead, and the statement reads them all to find those alive.",
        needs=[
            *reads_more_for_the_same(case, suspect),
            rows_are_dead(case, suspect),
            index_is_gone(case).negated(),
            dead_rows_stay(case, suspect).negated(),
        ],
        culprit=case.culprit(suspect),
    )
