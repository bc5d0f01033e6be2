"""A prepared transaction that nobody ended holds locks, and has no session.

What it sees
    Waiters whose chains end at pid 0, in most samples, and the transactions in pg_prepared_xacts: the oldest of them.

Why it matters
    There is nobody to cancel and no client to look for. It survives restarts, blocks until somebody decides, and
    keeps vacuum from cleaning up behind it.

What to do
    Ask its coordinator how it was meant to end; then COMMIT PREPARED or ROLLBACK PREPARED. Where nothing uses two-phase
    commit, set max_prepared_transactions to 0.

Example
    the prepared transaction restock-17 of warehouse, 41 s old, holds a lock on stock; 19 sessions wait
"""

from failonce.amount import amount, percent
from failonce.diagnose.case import Case
from failonce.diagnose.lock_questions import STAYS, first_root, others_wait
from failonce.diagnose.locks import Root
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Culprit, Verdict
from failonce.model.failure import FailureKind
from failonce.model.snapshot import PreparedTransaction

ID = "prepared-transaction"
LEAD = "A forgotten prepared transaction"
KIND = FailureKind.LOCKS
TRIGGERS = ()


def examine(case: Case) -> Verdict:
    """Return whether a transaction without a session stands at the root of the queues."""
    root, prepared = first_root(case), _oldest(case)
    needs = [others_wait(case), _has_no_session(case, root)]
    if root is None or prepared is None:
        return weigh(ID, LEAD, needs=needs)
    statement = f"The prepared transaction {prepared.gid!r} of {prepared.owner} was never ended and holds"
    statement += (
        f" {f'a lock on {root.relation}' if root.relation else 'a lock'}; {amount(root.waiters)} sessions wait."
    )
    blamed = Culprit(None, None, (root.relation,) if root.relation else (), None, ())
    return weigh(ID, statement, needs=needs, proofs=[_is_there(case, prepared)], culprit=blamed)


def _oldest(case: Case) -> PreparedTransaction | None:
    told = [s.prepared for s in case.during.snapshots if s.prepared]
    return max(told[-1], key=lambda prepared: prepared.age_s) if told else None


def _has_no_session(case: Case, root: Root | None) -> Check:
    if not case.during.sampled:
        return Check(None)
    share = root.present if root is not None and root.pid == 0 else 0.0
    said = f"Waiters waited for a transaction without a session in {percent(share)} of the samples."
    return Check(share >= STAYS, case.evidence(said, "sessions", now=share, unit="share", key="0"))


def _is_there(case: Case, prepared: PreparedTransaction) -> Check:
    said = f"pg_prepared_xacts has {prepared.gid!r}, prepared {amount(prepared.age_s, 's')} before."
    return Check(True, case.evidence(said, "prepared", now=prepared.gid, unit="", key=prepared.gid))
