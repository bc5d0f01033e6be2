"""Code paths lock the same rows in opposite order: deadlocks.

What it sees
    Deadlocks that the server counts, one after the other; sessions that wait for each other in a circle; and statements
    that each touch next to nothing, so that no index would make them quicker.

Why it matters
    The server looks for a deadlock only after deadlock_timeout, a second by default: until then both transactions stand
    still, and everybody behind them. It then ends one, and the next pair meets.

What to do
    Lock in one order everywhere: sort by key before updating, or lock the parent first. Keep such transactions short,
    and retry what was ended (SQLSTATE 40P01). A larger deadlock_timeout makes it worse.

Example
    11 deadlocks in 12 s between two updates of counters, both new with r42
"""

from collections.abc import Sequence

from failonce.amount import amount
from failonce.diagnose.case import Case
from failonce.diagnose.lock_questions import culprit, others_wait
from failonce.diagnose.questions import came_with_release
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "lock-order"
LEAD = "A lock order that differs"
KIND = FailureKind.LOCKS
#: Transactions that deadlock also queue for the same rows.
EXPLAINS = ("hot-row",)
#: Deadlocks from which it is no accident.
_SEVERAL = 2
#: Blocks a call may touch to be a change of a few rows by key: an index's depth, the rows, and their versions.
_CHEAP = 300.0


def examine(case: Case) -> Verdict:
    """Return whether transactions end each other."""
    fingerprint = _statement(case)
    needs = [others_wait(case), _deadlocks(case)]
    if fingerprint is None:
        return weigh(ID, LEAD, needs=needs)
    proofs = [_in_a_circle(case), came_with_release(case, case.witness(fingerprint))]
    return weigh(
        ID,
        "Transactions lock the same rows in opposite order: each holds what the other wants.",
        needs=[*needs, _is_cheap(case)],
        proofs=proofs,
        culprit=culprit(case, fingerprint),
    )


def _statement(case: Case) -> str | None:
    """Return the statement that most often stood in a circle; one that most waiters are at, where none was seen."""
    in_circles = [key for circle, count in case.queue.circles.items() for key, _ in circle * count]
    return max(in_circles, key=lambda key: (in_circles.count(key), key), default=None) or case.queue.statement


def _deadlocks(case: Case) -> Check:
    now, was = case.during.deadlocks, case.before.deadlocks
    if now is None:
        return Check(None)
    said = f"The server ended {amount(now)} deadlocks since the onset, {amount(was or 0)} before."
    proof = case.evidence(said, "database", now=now, before=was, unit="deadlocks")
    return Check(now >= _SEVERAL and now > (was or 0), proof)


def _is_cheap(case: Case) -> Check:
    """Ask whether the statements that meet change a few rows by key; one that was never seen to finish cannot tell."""
    work = [w for key in case.queue.statements if (w := case.during.statements.get(key)) is not None]
    if not work:
        return Check(None)
    most = max(w.blocks_per_call for w in work)
    said = f"The statements that wait for each other touch {amount(most)} blocks a call at most: no index is missing."
    return Check(most <= _CHEAP, case.evidence(said, "statements", now=most, unit="blocks/call"))


def _in_a_circle(case: Case) -> Check:
    circles = case.queue.circles
    if not circles:
        return Check(None)
    pair, seen = circles.most_common(1)[0]
    said = f"Sessions waited for each other in {amount(circles.total())} samples: {_told(case, pair)}."
    key = " ".join(dict.fromkeys(fingerprint for fingerprint, _ in pair))
    return Check(True, case.evidence(said, "sessions", now=seen, unit="samples", key=key))


def _told(case: Case, pair: Sequence[tuple[str, str]]) -> str:
    """Return both statements, each with the code path it was seen on."""
    texts = ((case.window.queries.get(key, "an unknown statement"), route) for key, route in pair)
    return " / ".join(f"{text} ({route})" if route else text for text, route in texts)
