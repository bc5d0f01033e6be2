"""An index was built anew with its columns in another order.

What it sees
    An old statement that took the load reads many times the blocks a call for the same answer; an index of its table
    is gone, and another one on the same columns, in another order, is there.

Why it matters
    An index serves a condition on its first columns. With the others first, all of it is read; and "there is an index
    on it" is what everybody answers.

What to do
    Build the index in its former order, concurrently; then see whether anybody uses the new one.

Example
    (product_id, order_id) is gone, (order_id, product_id) is there; a call reads 3,000 blocks, 6 before
"""

from failonce.diagnose.case import Case
from failonce.diagnose.plans import columns, reordered_index
from failonce.diagnose.questions import is_one_statement, reads_more_for_the_same
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "wrong-index-order"
LEAD = "An index in another order"
KIND = FailureKind.SLOW_QUERY
EXPLAINS = frozenset({"missing-index"})
TRIGGERS = frozenset({"index-dropped"})


def examine(case: Case) -> Verdict:
    """Return whether the statement's index was put into another order."""
    suspect = case.suspect
    if suspect is None:
        return weigh(ID, LEAD, needs=[is_one_statement(case)])
    return weigh(
        ID,
        _statement(case),
        needs=[
            *reads_more_for_the_same(case, suspect),
            _is_reordered(case),
        ],
        proofs=[_is_reordered(case)],
        culprit=case.culprit(suspect),
    )


def _statement(case: Case) -> str:
    found = reordered_index(case)
    if found is None:
        return LEAD
    gone, there = found
    now, was = ", ".join(columns(there)), ", ".join(columns(gone))
    return f"The index on {gone.relation} ({was}) became one on ({now}), in which the statement cannot look up."


def _is_reordered(case: Case) -> Check:
    if case.catalog is None or not case.was_watched:
        return Check(None)
    found = reordered_index(case)
    if found is None:
        return Check(False, case.evidence("No index was put into another order.", "catalog", now=0, unit="indexes"))
    gone, there = found
    said = (
        f"{gone.name} on ({', '.join(columns(gone))}) is gone; {there.name} on ({', '.join(columns(there))}) is there."
    )
    return Check(True, case.evidence(said, "catalog", now=there.definition, before=gone.definition, key=there.name))
