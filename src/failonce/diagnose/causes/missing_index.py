"""A statement that used an index reads the whole table.

What it sees
    The statement that took the load is an old acquaintance: it returns as many rows a call as ever, but touches many
    times the blocks, and the catalog shows that an index of its table is gone. When it reads about all of the table,
    the verdict is confirmed. Where nobody watched before, no index can be seen to go, and the scan alone must do.

Why it matters
    The same page that took a millisecond takes seconds, on every request, from one moment to the next: seed 000.

What to do
    Build the index again, concurrently; then find out who dropped it, and let the schema's tests demand it.

Example
    reviews: 8 -> 13,400 blocks a call, 5 = 5 rows a call; reviews_recipe_id_created_at_idx is gone
"""

from failonce.amount import amount
from failonce.diagnose.case import Case
from failonce.diagnose.plans import index_is_gone
from failonce.diagnose.questions import is_one_statement, reads_more_for_the_same, reads_whole_relation
from failonce.diagnose.suspect import Suspect
from failonce.diagnose.weigh import weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "missing-index"
LEAD = "A missing index"
KIND = FailureKind.SLOW_QUERY


def examine(case: Case) -> Verdict:
    """Return whether a known statement lost its index."""
    suspect = case.suspect
    if suspect is None:
        return weigh(ID, LEAD, needs=[is_one_statement(case)])
    return weigh(
        ID,
        _statement(case, suspect),
        needs=[
            *reads_more_for_the_same(case, suspect),
            # Where somebody watched, the index must have been seen to go: a scan alone has other reasons, too.
            *([index_is_gone(case)] if case.was_watched else []),
        ],
        proofs=[index_is_gone(case), reads_whole_relation(case, suspect)],
        culprit=case.culprit(suspect),
    )


def _statement(case: Case, suspect: Suspect) -> str:
    relation = case.largest(suspect)
    table = relation.name if relation else "its table"
    if case.dropped_indexes:
        return f"The statement lost the index {case.dropped_indexes[0].name} and reads all of {table} on every call."
    rows = f" ({amount(relation.rows)} rows)" if relation else ""
    return f"The statement has no index that serves it and reads all of {table}{rows} on every call."
