"""One session holds a lock that everybody else needs.

What it sees
    Sessions that wait for a lock, and the root of their chains: one session, the same in most samples, whose
    transaction only gets older. Often it is idle in transaction: a migration somebody started, a forgotten terminal.

Why it matters
    The waiters look slow and are innocent; tuning their queries changes nothing. Everybody who comes later queues
    behind them, until the pool is empty.

What to do
    End the root session. Then let migrations run with a lock_timeout, and sessions with
    idle_in_transaction_session_timeout.

Example
    session 4711 (idle in transaction for 41 s) holds a lock on recipes; 9 sessions wait
"""

from failonce.amount import amount, percent
from failonce.diagnose.case import Case
from failonce.diagnose.locks import Root, roots
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Culprit, Verdict
from failonce.sqltext import relations

ID = "blocking-session"
LEAD = "A session that blocks others"
#: The share of the active sessions that must wait for locks.
_MOST = 0.35
#: The share of the samples in which the same session must be the root.
_STAYS = 0.6
#: A lock held for less is the ordinary course of a transaction, seconds.
_HELD_S = 2.0


def examine(case: Case) -> Verdict:
    """Return whether one session stands at the root of the queues."""
    root = next(iter(roots(case.during)), None)
    needs = [_others_wait(case), _is_one(case, root)]
    if root is None:
        return weigh(ID, LEAD, needs=needs)
    held = _held(root)
    statement = f"Session {root.pid} holds {held} and does not let go; {amount(root.waiters)} sessions wait for it."
    return weigh(ID, statement, needs=needs, proofs=[_is_old(case, root)], culprit=_culprit(case, root))


def _held(root: Root) -> str:
    return f"a lock on {root.relation}" if root.relation else "a lock"


def _culprit(case: Case, root: Root) -> Culprit:
    session = root.session
    fingerprint = session.fingerprint if session else None
    text = case.window.queries.get(fingerprint) if fingerprint else None
    named = relations(text) if text else ()
    locked = (root.relation,) if root.relation else ()
    return Culprit(
        query=text,
        fingerprint=fingerprint,
        relations=tuple(dict.fromkeys((*locked, *named))),
        release=session.release if session else None,
        sessions=(root.pid,),
    )


def _others_wait(case: Case) -> Check:
    if not case.during.sampled:
        return Check(None)
    now, was = case.during.waits.get("Lock", 0.0), case.before.waits.get("Lock", 0.0)
    share = now / case.during.active if case.during.active else 0.0
    said = f"{amount(now)} sessions waited for a lock ({percent(share)} of the active ones), {amount(was)} before."
    return Check(
        share >= _MOST and now - was >= 1, case.evidence(said, "sessions", now=now, before=was, unit="sessions")
    )


def _is_one(case: Case, root: Root | None) -> Check:
    if root is None:
        said = "No session was at the root of a lock queue."
        return Check(False if case.during.sampled else None, case.evidence(said, "sessions", now=0, unit="sessions"))
    said = f"The root of the queues was session {root.pid} in {percent(root.present)} of the samples."
    proof = case.evidence(said, "sessions", now=root.present, unit="share", key=str(root.pid))
    return Check(root.present >= _STAYS, proof)


def _is_old(case: Case, root: Root) -> Check:
    state = root.session.state if root.session else "not seen"
    said = f"Its transaction was open for {amount(root.oldest_s, 's')}; the session was {state}."
    proof = case.evidence(said, "sessions", now=root.oldest_s, unit="s", key=str(root.pid))
    return Check(root.oldest_s >= _HELD_S, proof)
