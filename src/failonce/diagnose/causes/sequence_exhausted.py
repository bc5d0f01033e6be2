"""A sequence has no numbers left.

What it sees
    Errors 2200H in the server's log, the sequence they name, and that they are what fails.

Why it matters
    Nothing is slow and every graph is green, while one kind of row can no longer be written at all.

What to do
    Raise the sequence's maximum; where its type ended, make sequence and column a bigint. Then watch how far the
    others are: pg_sequences knows.

Example
    2.4 statements per second refused; reviews_id_seq reached its maximum
"""

from failonce.diagnose.case import Case
from failonce.diagnose.refusals import named, weigh_refusals
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "sequence-exhausted"
LEAD = "An exhausted sequence"
KIND = FailureKind.CAPACITY
#: It is only ever growth that sets it off.
TRIGGERS = ()
_CODES = ("2200H",)


def examine(case: Case) -> Verdict:
    """Return whether a sequence has reached its end."""
    name = named(case, _CODES, "behind a key")
    statement = f"The sequence {name} has given its last number: rows that need one more are refused."
    return weigh_refusals(case, ID, _CODES, what="a sequence reached its end", statement=statement)
