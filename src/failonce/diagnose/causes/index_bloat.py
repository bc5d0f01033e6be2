"""An index keeps pages that hold next to nothing, and whoever walks it walks them all.

What it sees
    An old statement that took the load reads many times the blocks a call for the same answer, by index as ever. An
    index of its table takes many times the room that its entries need, by what it took for each before. The rows that
    left it so are gone: far fewer are dead than blocks are read, no index went, no setting changed. Where what a call
    reads more fits into what the index has more, the verdict is confirmed. Where nobody watched before, a bloated
    index cannot be told from a large one.

Why it matters
    Vacuum gives an index page back when its last entry goes. Where many rows came between those that stay and were
    deleted, each page keeps an entry or two: dead rows, statistics and plans are all in order, and the index is not.

What to do
    REINDEX INDEX CONCURRENTLY. Then let bulk writes that may be taken back go to a table of their own first.

Example
    vouchers_campaign_code: 56,000 blocks for 271,000 entries that took 1,960; a call reads 34,600 blocks, 863 before
"""

from failonce.diagnose.case import Case
from failonce.diagnose.horizon import dead_rows_stay
from failonce.diagnose.index_size import (
    bloated_index,
    dead_rows_are_too_few,
    index_carries_it,
    index_is_bloated,
    is_read_by_index,
)
from failonce.diagnose.plans import index_is_gone, plan_setting_changed, relation_grew
from failonce.diagnose.questions import is_one_statement, reads_more_for_the_same
from failonce.diagnose.suspect import Suspect
from failonce.diagnose.weigh import weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "index-bloat"
LEAD = "A bloated index"
KIND = FailureKind.VACUUM
TRIGGERS = frozenset({"bulk-write"})
#: What was written and deleted again outdates statistics and leaves dead rows until vacuum comes, and a statement that
#: is heavier for it; what remains after vacuum is the index.
EXPLAINS = frozenset({"heavier-query", "stale-statistics", "table-bloat"})


def examine(case: Case) -> Verdict:
    """Return whether the statement walks through an index that is nearly empty."""
    suspect = case.suspect
    if suspect is None:
        return weigh(ID, LEAD, needs=[is_one_statement(case)])
    carries = index_carries_it(case, suspect)
    return weigh(
        ID,
        _statement(case, suspect),
        needs=[
            *reads_more_for_the_same(case, suspect),
            index_is_bloated(case, suspect),
            is_read_by_index(case, suspect),
            dead_rows_are_too_few(case, suspect),
            dead_rows_stay(case, suspect).negated(),
            relation_grew(case, suspect).negated(),
            index_is_gone(case).negated(),
            plan_setting_changed(case).negated(),
        ],
        # A statement that walks it many times over reads more than there is: that says nothing against it.
        proofs=[carries] if carries.holds else [],
        culprit=case.culprit(suspect),
    )


def _statement(case: Case, suspect: Suspect) -> str:
    found = bloated_index(case, suspect)
    if found is None:
        return LEAD
    return f"{found[0].name} keeps many times the pages that its entries need, and the statement walks through them."
