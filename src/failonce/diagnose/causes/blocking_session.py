"""One session holds a lock that everybody else needs.

What it sees
    Sessions that wait for a lock, and the root of their chains: one session, the same in most samples, whose
    transaction only gets older. Often it is idle in transaction: a migration somebody started, a forgotten terminal. Or
    it is idle altogether and holds an advisory lock for its session.

Why it matters
    The waiters look slow and are innocent; tuning their queries changes nothing. Everybody who comes later queues
    behind them, until the pool is empty.

What to do
    End the root session. Then let migrations run with a lock_timeout, and sessions with
    idle_in_transaction_session_timeout; let advisory locks end with their transaction.

Example
    session 4711 (psql, idle in transaction for 41 s) holds a lock on recipes; 9 sessions wait
"""

from failonce.amount import amount, percent
from failonce.diagnose.case import Case
from failonce.diagnose.lock_questions import STAYS, culprit, first_root, others_wait
from failonce.diagnose.locks import Root
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "blocking-session"
LEAD = "A session that blocks others"
KIND = FailureKind.LOCKS
#: A lock held for less is the ordinary course of a transaction, seconds.
_HELD_S = 2.0


def examine(case: Case) -> Verdict:
    """Return whether one session stands at the root of the queues."""
    root = first_root(case)
    needs = [others_wait(case), _is_one(case, root)]
    if root is None:
        return weigh(ID, LEAD, needs=needs)
    statement = f"Session {root.pid}{_who(root)} holds {_held(case, root)} and does not let go;"
    statement += f" {amount(root.waiters)} sessions wait for it."
    blamed = culprit(case, root.session.fingerprint if root.session else None, root.session)
    return weigh(ID, statement, needs=needs, proofs=[_is_old(case, root)], culprit=blamed)


def _who(root: Root) -> str:
    """Return whose session it is, for the person who is to be asked before it is ended."""
    session = root.session
    known = [word for word in (session.application, f"user {session.user}") if word] if session else []
    return f" ({', '.join(known)})" if known else ""


def _held(case: Case, root: Root) -> str:
    if set(case.queue.kinds) == {"advisory"}:
        return "an advisory lock"
    return f"a lock on {root.relation}" if root.relation else "a lock"


def _is_one(case: Case, root: Root | None) -> Check:
    if root is None:
        said = "No session was at the root of a lock queue."
        return Check(False if case.during.sampled else None, case.evidence(said, "sessions", now=0, unit="sessions"))
    if root.pid == 0:
        said = "Whoever heads the queues has no session: it is a prepared transaction."
        return Check(False, case.evidence(said, "sessions", now=0, unit="sessions"))
    said = f"The root of the queues was session {root.pid} in {percent(root.present)} of the samples."
    proof = case.evidence(said, "sessions", now=root.present, unit="share", key=str(root.pid))
    return Check(root.present >= STAYS, proof)


def _is_old(case: Case, root: Root) -> Check:
    session = root.session
    if session is not None and session.state == "idle":
        idle_s = session.state_age_s or 0.0
        said = f"It was idle for {amount(idle_s, 's')}, outside a transaction: it holds the lock for its session."
        return Check(True, case.evidence(said, "sessions", now=idle_s, unit="s", key=str(root.pid)))
    state = session.state if session else "not seen"
    said = f"Its transaction was open for {amount(root.oldest_s, 's')}; the session was {state}."
    proof = case.evidence(said, "sessions", now=root.oldest_s, unit="s", key=str(root.pid))
    return Check(root.oldest_s >= _HELD_S, proof)
