"""The application may not do what it asks for.

What it sees
    Errors 42501 in the server's log, the table, sequence or schema they name, and under which release they came.

Why it matters
    Migrations run as the owner and applications do not: a table without a grant works everywhere but in production.
    The statistics do not know refused statements, and no graph moves.

What to do
    Grant the privilege; roll back if it is not clear which. Then let migrations set default privileges.

Example
    22 statements per second refused on collections, only of release v45
"""

from failonce.diagnose.case import Case
from failonce.diagnose.refusals import named, weigh_refusals
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "permission-denied"
LEAD = "A missing permission"
KIND = FailureKind.ACCESS
#: The code of a missing privilege: the release is held against it in triggers/release.py.
CODES = ("42501",)
TRIGGERS = ("release",)


def examine(case: Case) -> Verdict:
    """Return whether statements are refused for want of a privilege."""
    name = named(case, CODES, "an object")
    statement = f"The application has no permission for {name}: each statement that needs it is refused."
    return weigh_refusals(case, ID, CODES, what="permission denied", statement=statement)
