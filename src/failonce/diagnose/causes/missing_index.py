"""A statement that used an index reads the whole table.

What it sees
    The statement that took the load is an old acquaintance: it returns as many rows a call as ever, but touches many
    times the blocks, about as many as its table has. When the catalog shows that an index of that table is gone, the
    verdict is confirmed; otherwise it is likely.

Why it matters
    The same page that took a millisecond takes seconds, on every request, from one moment to the next: seed 000.

What to do
    Build the index again, concurrently; then find out who dropped it, and let the schema's tests demand it.

Example
    reviews: 8 -> 13,400 blocks a call, 5 = 5 rows a call; reviews_recipe_id_created_at_idx is gone
"""

from failonce.amount import amount
from failonce.diagnose.case import Case
from failonce.diagnose.questions import is_known, is_one_statement, is_same_answer, reads_more, reads_whole_relation
from failonce.diagnose.suspect import Suspect
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict

ID = "missing-index"
LEAD = "A missing index"


def examine(case: Case) -> Verdict:
    """Return whether a known statement lost its index."""
    suspect = case.suspect
    if suspect is None:
        return weigh(ID, LEAD, needs=[is_one_statement(case)])
    return weigh(
        ID,
        _statement(case, suspect),
        needs=[
            is_one_statement(case),
            reads_more(case, suspect),
            is_same_answer(case, suspect),
            is_known(case, suspect),
        ],
        proofs=[_index_is_gone(case), reads_whole_relation(case, suspect)],
        culprit=case.culprit(suspect),
    )


def _statement(case: Case, suspect: Suspect) -> str:
    relation = case.largest(suspect)
    table = relation.name if relation else "its table"
    if case.dropped_indexes:
        return f"The statement lost the index {case.dropped_indexes[0].name} and reads all of {table} on every call."
    rows = f" ({amount(relation.rows)} rows)" if relation else ""
    return f"The statement has no index that serves it and reads all of {table}{rows} on every call."


def _index_is_gone(case: Case) -> Check:
    gone = case.dropped_indexes
    if case.catalog is None or not case.was_watched:
        return Check(None)
    if not gone:
        known = len(case.catalog.indexes)
        return Check(False, case.evidence(f"No index disappeared: {known} before and after.", "catalog", now=known))
    index = gone[0]
    said = f"The index {index.name} on {index.relation} was in the catalog before the onset and is gone."
    return Check(True, case.evidence(said, "catalog", now="absent", before=index.definition, key=index.name))
