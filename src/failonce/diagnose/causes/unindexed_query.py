"""A new statement reads the whole table.

What it sees
    The statement that took the load was never seen before the onset, and a call touches about as many blocks as its
    table has, to find a small part of its rows. Seen under one release only, the verdict is confirmed.

Why it matters
    Reviewed and tested on empty tables it was fast. On production's it holds the processor and the pool: seed 001.

What to do
    Roll the release back, or build the index the statement needs; then review queries against production's plans.

Example
    select ... from reviews where upper(...) = ?: first seen with v42, 11,200 blocks a call
"""

from failonce.amount import amount
from failonce.diagnose.case import Case
from failonce.diagnose.questions import (
    came_with_release,
    is_new,
    is_one_statement,
    reads_whole_relation,
)
from failonce.diagnose.suspect import Suspect
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "unindexed-query"
LEAD = "A new query without an index"
KIND = FailureKind.SLOW_QUERY
#: The part of a table's rows from which an index would not be what a statement lacks.
_LITTLE = 0.1


def examine(case: Case) -> Verdict:
    """Return whether a statement that arrived with the outage scans a relation."""
    suspect = case.suspect
    if suspect is None:
        return weigh(ID, LEAD, needs=[is_one_statement(case)])
    return weigh(
        ID,
        _statement(case, suspect),
        needs=[
            is_one_statement(case),
            *_newness(case, suspect),
            reads_whole_relation(case, suspect),
            _finds_little(case, suspect),
        ],
        proofs=[came_with_release(case, suspect)],
        culprit=case.culprit(suspect),
    )


def _newness(case: Case, suspect: Suspect) -> list[Check]:
    """Ask for it only where somebody watched before: a scan holds the database up whatever its age."""
    return [is_new(case, suspect)] if case.was_watched else []


def _finds_little(case: Case, suspect: Suspect) -> Check:
    """Ask whether it answers with, or changes, a small part of what it reads: a bulk write wants it all."""
    relation = case.largest(suspect)
    if relation is None or suspect.now is None:
        return Check(None)
    rows = suspect.now.rows_per_call
    said = f"A call finds {amount(rows)} of the {amount(relation.rows)} rows of {relation.name}."
    proof = case.evidence(said, "statements", now=rows, unit="rows/call", key=suspect.fingerprint)
    return Check(rows < _LITTLE * max(relation.rows, 1), proof)


def _statement(case: Case, suspect: Suspect) -> str:
    relation = case.largest(suspect)
    table = relation.name if relation else "its table"
    which = "that was not there before has" if case.was_watched else "has"
    return f"A statement {which} no index that serves it and reads all of {table} on every call."
