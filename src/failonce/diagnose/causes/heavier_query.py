"""A statement does many times the work it did, and nothing of its own explains it.

What it sees
    An old statement that took the load and reads many times the blocks a call, while its indexes, the settings its
    plan depends on, the statistics of its tables and their dead rows are measured to be as they were, and the size of
    its indexes where that is known. What is left is the data: more rows, or other values asked for. Where a table is
    seen to have grown, the verdict is confirmed.

Why it matters
    It is what is honestly known. Whoever calls it a missing index or blames the last release will change something
    that does not help: seed 002.

What to do
    Look at the plan with the values that are asked for; give the statement an index or a limit. Do not roll back what
    came at the same time. A larger pool only helps for the time its arithmetic says.

Example
    messages: 250,500 rows, 500 before; a call reads 15,600 blocks, 36 before; the release of that second is ruled out
"""

from failonce.diagnose.case import Case
from failonce.diagnose.horizon import dead_rows_stay
from failonce.diagnose.index_size import index_is_bloated
from failonce.diagnose.plans import (
    index_is_gone,
    plan_setting_changed,
    relation_grew,
    rows_are_dead,
    statistics_are_outdated,
)
from failonce.diagnose.questions import is_known, is_one_statement, reads_more
from failonce.diagnose.suspect import Suspect
from failonce.diagnose.weigh import weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "heavier-query"
LEAD = "A query that got heavier"
KIND = FailureKind.SLOW_QUERY
#: What can make a statement heavier without changing it or its plan's conditions.
TRIGGERS = frozenset({"bulk-write"})


def examine(case: Case) -> Verdict:
    """Return whether a known statement got heavier for no reason of its own."""
    suspect = case.suspect
    if suspect is None:
        return weigh(ID, LEAD, needs=[is_one_statement(case)])
    grew, bloated = relation_grew(case, suspect), index_is_bloated(case, suspect)
    needs = [
        is_one_statement(case),
        reads_more(case, suspect),
        is_known(case, suspect),
        index_is_gone(case).negated(),
        plan_setting_changed(case).negated(),
        statistics_are_outdated(case, suspect).negated(),
        rows_are_dead(case, suspect).negated(),
        dead_rows_stay(case, suspect).negated(),
        # Of an index whose size is not known, nothing is known.
        *([bloated.negated()] if bloated.holds is not None else []),
    ]
    # That no table grew says nothing against it: other values may be asked for.
    proofs = [grew] if grew.holds else []
    statement = _statement(case, suspect, grew=bool(grew.holds))
    return weigh(ID, statement, needs=needs, proofs=proofs, culprit=case.culprit(suspect))


def _statement(case: Case, suspect: Suspect, *, grew: bool) -> str:
    factor = suspect.blocks_factor or 0.0
    why = "its table grew" if grew else "why is not known; its indexes, settings and statistics are as they were"
    return f"The statement does {factor:,.0f} times the work a call that it did: {why}."
