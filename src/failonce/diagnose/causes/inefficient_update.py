"""A statement that changes rows reads far more than it changes, and holds locks all the while.

What it sees
    Lock queues headed by other sessions in turn, or standing in a circle; those in front are at work, nearly always on
    the same statement; and a call of it touches about as many blocks as its table has, or many times what it used to.

Why it matters
    A scan that only reads delays itself. One that changes rows delays everybody who wants them, and two of them that
    meet the rows in different orders end as deadlocks: seed 003. The waiters look like slow queries and are not.

What to do
    Give the update the index it lacks, or change fewer rows at once; then its locks are held for milliseconds. Let the
    application retry what was ended as a deadlock (SQLSTATE 40P01).

Example
    update cart_events ... where kind = ?: 19,600 blocks a call; at the head of the queue in 9 of 10 samples
"""

from failonce.amount import amount, percent
from failonce.diagnose.case import Case
from failonce.diagnose.lock_questions import culprit, in_each_others_way, nobody_stays
from failonce.diagnose.questions import came_with_release, reads_more, reads_whole_relation
from failonce.diagnose.suspect import Suspect
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "inefficient-update"
LEAD = "An inefficient update that holds locks"
KIND = FailureKind.LOCKS
#: The same statement, less specifically; and what its long locks lead to.
EXPLAINS = ("unindexed-query", "missing-index", "lock-order", "hot-row")
#: Sessions that wait for a lock on average from which a queue is worth a cause of its own.
_QUEUE = 1.0
#: The part of the heads that must be at work on the statement.
_MOST = 0.5
_CHANGES = ("update", "delete", "merge", "insert", "with")


def examine(case: Case) -> Verdict:
    """Return whether the lock holders are busy with an inefficient change."""
    fingerprint = next((key for key, _ in case.queue.holding.most_common(1)), None)
    needs = [_others_wait(case), nobody_stays(case)]
    if fingerprint is None:
        return weigh(ID, LEAD, needs=[*needs, _is_at_head(case, None)])
    suspect = case.witness(fingerprint)
    needs += [_is_at_head(case, suspect), _reads_too_much(case, suspect)]
    table = suspect.relations[0] if suspect.relations else "its table"
    statement = f"A statement that changes {table} reads all of it each time and holds its row locks meanwhile."
    proofs = [came_with_release(case, suspect)]
    return weigh(ID, statement, needs=needs, proofs=proofs, culprit=culprit(case, fingerprint))


def _others_wait(case: Case) -> Check:
    """Ask whether anybody waits for what is locked: a queue, or a pair in a circle before there is a queue."""
    queue, circle = _queues(case), in_each_others_way(case)
    return circle if circle.holds and not queue.holds else queue


def _queues(case: Case) -> Check:
    if not case.during.sampled:
        return Check(None)
    now, was = case.during.waits.get("Lock", 0.0), case.before.waits.get("Lock", 0.0)
    said = f"{amount(now)} of {amount(case.during.active)} active sessions waited for a lock, {amount(was)} before."
    return Check(now - was >= _QUEUE, case.evidence(said, "sessions", now=now, before=was, unit="sessions"))


def _is_at_head(case: Case, suspect: Suspect | None) -> Check:
    fronts = case.queue.fronts
    if not fronts:
        return Check(None)
    share = case.queue.holding[suspect.fingerprint] / fronts if suspect else 0.0
    changes = suspect is not None and suspect.text is not None and suspect.text.startswith(_CHANGES)
    said = f"The same statement was at work at the head of {percent(share)} of the queues, or held them up in a circle."
    if suspect is None:
        said = "The sessions at the head of the queues were not at work on a statement."
    proof = case.evidence(said, "sessions", now=share, unit="share", key=suspect.fingerprint if suspect else None)
    return Check(changes and share >= _MOST, proof)


def _reads_too_much(case: Case, suspect: Suspect) -> Check:
    """Ask whether it reads all of its table, or many times what it used to; a new statement has no "used to"."""
    whole, more = reads_whole_relation(case, suspect), reads_more(case, suspect)
    return whole if whole.holds or more.holds is None else more
