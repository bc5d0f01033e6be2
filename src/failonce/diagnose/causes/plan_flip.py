"""A setting was changed that plans depend on, and the plans with it.

What it sees
    The settings of two catalog readings, the server's own and those given to a role or database; and the statements
    whose own work a call changed: together they have most of the added load, for the same answers.

Why it matters
    One line changes the plan of every statement at once. Given to one role, it is in no configuration file, and nobody
    else's session shows it.

What to do
    Set it back for whom it was set; new connections get it, so let the pool reconnect. Put settings under review.

Example
    enable_indexscan was on and is off for role shop; 3 statements read 40 times the blocks and more
"""

from failonce.amount import percent
from failonce.diagnose.case import Case
from failonce.diagnose.plans import index_is_gone, plan_setting_changed
from failonce.diagnose.questions import is_known, is_one_statement, is_same_answer, reads_more
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "plan-flip"
LEAD = "A plan that a setting changed"
KIND = FailureKind.SLOW_QUERY
TRIGGERS = frozenset({"setting-changed"})
#: The part of the added load that statements with changed work must have together.
_TOGETHER = 0.5


def examine(case: Case) -> Verdict:
    """Return whether a changed setting changed plans."""
    suspect = case.suspect
    if suspect is None:
        return weigh(ID, LEAD, needs=[is_one_statement(case)])
    return weigh(
        ID,
        "A changed setting took their plans from the statements: they read many times as much for the same answers.",
        needs=[
            plan_setting_changed(case),
            _changed_have_the_load(case),
            reads_more(case, suspect),
            is_same_answer(case, suspect),
            is_known(case, suspect),
            index_is_gone(case).negated(),
        ],
        culprit=case.culprit(suspect),
    )


def _changed_have_the_load(case: Case) -> Check:
    if not case.during.sampled:
        return Check(None)
    changed = [s for s in case.suspects if s.has_changed]
    share = sum(s.share for s in changed)
    said = f"{len(changed)} statements whose own work changed have {percent(share)} of the added load."
    return Check(share >= _TOGETHER, case.evidence(said, "sessions", now=share, unit="share"))
