"""Everybody changes the same few rows, and each holds them for too long.

What it sees
    Waits for rows, most of them at one statement; the session at the head of the queue is another one time and again,
    young, and not at work: it waits for its application, which does something else before it commits.

Why it matters
    A row can be held by one transaction at a time: what arrives per second times what each holds it for must stay below
    one. Beyond that the queue grows without end, whatever the machine. Ending the session at the head lets the next
    one in and changes nothing.

What to do
    Lock last, commit at once, and call nobody in between. Spread a counter over several rows, let a sequence give
    numbers where gaps do no harm, let workers take jobs with FOR UPDATE SKIP LOCKED.

Example
    update counters ...: 18 wait for a row; 14 sessions headed the queue in 14 samples, none longer than 0.6 s
"""

from failonce.amount import amount, percent
from failonce.diagnose.case import Case
from failonce.diagnose.lock_questions import culprit, head_changes, others_wait, wants_rows
from failonce.diagnose.questions import came_with_release
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "hot-row"
LEAD = "A row that everybody changes"
KIND = FailureKind.LOCKS
#: The part of the waits that must be at the same statement.
_SAME = 0.6
#: The part of the heads that may be at work in the server: were it more, the work would be the fault.
_AT_WORK = 0.5


def examine(case: Case) -> Verdict:
    """Return whether transactions queue for the same rows."""
    fingerprint = case.queue.statement
    needs = [others_wait(case), head_changes(case), wants_rows(case)]
    if fingerprint is None:
        return weigh(ID, LEAD, needs=needs)
    table = case.queue.relation or "a table"
    statement = f"Every transaction wants the same row of {table} and holds it until it commits:"
    statement += " they pass one at a time."
    return weigh(
        ID,
        statement,
        needs=[*needs, _is_same(case), _is_not_at_work(case)],
        proofs=[came_with_release(case, case.witness(fingerprint)), _always(case)],
        culprit=culprit(case, fingerprint),
    )


def _is_same(case: Case) -> Check:
    counts, most = case.queue.statements, case.queue.statement
    share = counts[most] / counts.total() if most else 0.0
    said = f"{percent(share)} of the waits were at the same statement."
    return Check(share >= _SAME, case.evidence(said, "sessions", now=share, unit="share", key=most))


def _is_not_at_work(case: Case) -> Check:
    if not case.queue.heads:
        return Check(None)
    share, oldest = case.queue.share_at_work, case.queue.longest_head_s
    said = f"{percent(share)} of the sessions at the head were at work; the others waited for their application, with"
    said += f" the row in hand. The oldest transaction at the head was {amount(oldest, 's')} old."
    return Check(share < _AT_WORK, case.evidence(said, "sessions", now=share, unit="share"))


def _always(case: Case) -> Check:
    """Ask whether there is always a queue: the row is held all the time there is."""
    queue = case.queue
    share = queue.waited / queue.samples if queue.samples else 0.0
    said = f"Somebody waited in {percent(share)} of the samples: the row is never free"
    passed = case.during.statements.get(queue.statement or "")
    seconds = sum(s.statements.interval_s for s in case.during.snapshots if s.statements)
    if passed is not None and seconds:
        rate = passed.calls / seconds
        said += f", and {amount(rate)} transactions pass per second, each with the row for {amount(1 / rate, 's')}"
    said += "."
    return Check(share >= 0.7, case.evidence(said, "sessions", now=share, unit="share"))
