"""Transactions are left open, one after the other, until the pool is empty.

What it sees
    Sessions idle in transaction that only get older, most of them after the same statement, while nobody waits for a
    lock and the database has little to do. Sessions that pause between two statements are young, and no leak.

Why it matters
    Each keeps a connection for good. All system metrics are stable, as in seed 004: the processors are idle because
    nobody gets through to them.

What to do
    Roll back the release that brought it, or mend the code path that does not commit; until then let
    idle_in_transaction_session_timeout end what was forgotten. A larger pool only takes longer to run dry.

Example
    8 sessions idle in transaction, the oldest for 14 s, all after: insert into favourites ...
"""

from failonce.amount import amount, percent
from failonce.diagnose.case import Case
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Culprit, Verdict
from failonce.model.failure import FailureKind
from failonce.sqltext import relations

ID = "session-leak"
LEAD = "A leak of open transactions"
KIND = FailureKind.CONNECTIONS
#: Forgotten sessions on average from which it is a leak: one may be a person's.
_SEVERAL = 2.0
#: The share of them whose last statement is the same.
_SAME = 0.6
#: The share of active sessions waiting for locks from which it is a lock queue instead.
_QUEUE = 0.35


def examine(case: Case) -> Verdict:
    """Return whether transactions are forgotten."""
    needs = [_several_are_stuck(case), _no_lock_queue(case)]
    last = _last_statement(case)
    statement = "Sessions leave their transactions open and keep their connections."
    return weigh(
        ID, statement, needs=needs, proofs=[_same_statement(case), _grow_old(case)], culprit=_culprit(case, last)
    )


def _last_statement(case: Case) -> str | None:
    return max(case.during.stuck, key=lambda key: case.during.stuck[key], default=None)


def _culprit(case: Case, fingerprint: str | None) -> Culprit:
    text = case.window.queries.get(fingerprint) if fingerprint else None
    seen = case.during.releases.get(fingerprint) if fingerprint else None
    return Culprit(
        query=text,
        fingerprint=fingerprint,
        relations=relations(text) if text else (),
        release=seen.most_common(1)[0][0] if seen else None,
        sessions=case.during.stuck_pids,
    )


def _several_are_stuck(case: Case) -> Check:
    if not case.during.sampled:
        return Check(None)
    now, was = sum(case.during.stuck.values()), sum(case.before.stuck.values())
    said = f"{amount(now)} sessions had been idle in transaction for 2 s and more, {amount(was)} before."
    return Check(now - was >= _SEVERAL, case.evidence(said, "sessions", now=now, before=was, unit="sessions"))


def _no_lock_queue(case: Case) -> Check:
    now, active = case.during.waits.get("Lock", 0.0), case.during.active
    if active is None:
        return Check(None)
    said = f"{amount(now)} of {amount(active)} active sessions waited for a lock."
    return Check(now < max(1.0, _QUEUE * active), case.evidence(said, "sessions", now=now, unit="sessions"))


def _same_statement(case: Case) -> Check:
    last, total = _last_statement(case), sum(case.during.stuck.values())
    if last is None or not total:
        return Check(None)
    share = case.during.stuck[last] / total
    said = f"{percent(share)} of them had run the same statement last."
    return Check(share >= _SAME, case.evidence(said, "sessions", now=share, unit="share", key=last))


def _grow_old(case: Case) -> Check:
    oldest = case.during.oldest_stuck_s
    said = f"The oldest had been idle in its transaction for {amount(oldest, 's')}."
    return Check(oldest >= 3.0, case.evidence(said, "sessions", now=oldest, unit="s"))
