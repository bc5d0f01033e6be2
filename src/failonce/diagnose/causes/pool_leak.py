"""Connections are borrowed from the pool and not given back, without a transaction.

What it sees
    Connections that the pool has lent and that do nothing in the database, while requests wait for one: what a request
    gives back goes to the next at once, so what is idle was not given back. Most ran the same statement last, and they
    only get older.

Why it matters
    No lock, no open transaction, no load: every view of the database looks healthy, and no timeout of the server ends
    them. The pool is empty all the same.

What to do
    Roll back the release that brought it, or mend the code path that does not give back: borrow in a block that ends.
    A restart of the application helps for as long as the leak takes to come back.

Example
    9.6 of 10 connections lent and idle, up to 21 s after: insert into favourites ...; 64 requests wait
"""

from failonce.amount import amount, percent
from failonce.diagnose import connections
from failonce.diagnose.case import Case
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Culprit, Verdict
from failonce.model.failure import FailureKind
from failonce.model.snapshot import IdleGroup
from failonce.sqltext import relations

ID = "pool-leak"
LEAD = "A leak of connections"
KIND = FailureKind.CONNECTIONS
TRIGGERS = ("release",)
#: Connections lent and idle from which it is a leak and not a request between two statements.
_SEVERAL = 2.0
#: The part of those idle that must have run the same statement last.
_SAME = 0.6
#: How long a connection may have been idle at the onset: the first ones were lost before anybody noticed.
_LATE_S = 15.0
#: Idle for so long while others wait: no request thinks for so long between two statements.
_OLD_S = 3.0


def examine(case: Case) -> Verdict:
    """Return whether connections are lent to nobody."""
    group = _group(case)
    text = case.window.queries.get(group.fingerprint or "") if group else None
    blamed = Culprit(
        query=text,
        fingerprint=group.fingerprint if group else None,
        relations=relations(text) if text else (),
        release=group.release if group else None,
        sessions=(),
        application=group.application if group else None,
    )
    return weigh(
        ID,
        "Requests borrow connections and do not give them back; outside a transaction they sit idle.",
        needs=[_lent_and_idle(case), _pool_is_full(case), _no_transactions(case), _grow_old(case, group)],
        proofs=[_same_statement(case, group)],
        culprit=blamed if group else None,
    )


def _group(case: Case) -> IdleGroup | None:
    """Return the most numerous of the connections that fell idle since the onset; older ones were idle before."""
    return max(_since_onset(case), key=lambda g: (g.sessions, g.oldest_s), default=None)


def _since_onset(case: Case) -> list[IdleGroup]:
    length_s = (case.window.ends_at - case.window.onset_at).total_seconds()
    return [g for g in connections.idle(case.during) if g.oldest_s <= length_s + _LATE_S]


def _lent_and_idle(case: Case) -> Check:
    now, was = connections.lent_and_idle(case.during), connections.lent_and_idle(case.before)
    if now is None:
        return Check(None)
    said = (
        f"{amount(now)} of {amount(case.during.pool_size)} connections were lent and did nothing, {amount(was)} before."
    )
    proof = case.evidence(said, "application", now=now, before=was, unit="connections")
    return Check(now - (was or 0.0) >= _SEVERAL, proof)


def _no_transactions(case: Case) -> Check:
    if not case.during.sampled:
        return Check(None)
    now = sum(case.during.stuck.values())
    said = (
        f"{amount(now)} sessions had been idle in transaction for 2 s and more: what is held is outside transactions."
    )
    return Check(now < _SEVERAL, case.evidence(said, "sessions", now=now, unit="sessions"))


def _pool_is_full(case: Case) -> Check:
    waiting, was = case.during.pool_waiting, case.before.pool_waiting
    if waiting is None:
        return Check(None)
    said = f"{amount(waiting)} requests waited for a connection, {amount(was)} before."
    proof = case.evidence(said, "application", now=waiting, before=was, unit="requests")
    return Check(waiting - (was or 0.0) >= 1, proof)


def _same_statement(case: Case, group: IdleGroup | None) -> Check:
    total = sum(g.sessions for g in _since_onset(case))
    if group is None or group.fingerprint is None or not total:
        return Check(None)
    share = group.sessions / total
    said = (
        f"{percent(share)} of the idle connections had run the same statement last, up to {amount(group.oldest_s, 's')}"
    )
    said += " before."
    proof = case.evidence(said, "idle", now=group.sessions, unit="connections", key=group.fingerprint)
    return Check(share >= _SAME, proof)


def _grow_old(case: Case, group: IdleGroup | None) -> Check:
    """Ask whether some do nothing for longer than any request would, while others wait for them."""
    if all(s.idle is None for s in case.during.snapshots):
        return Check(None)
    sessions, oldest_s = (group.sessions, group.oldest_s) if group else (0, 0.0)
    said = f"{amount(sessions)} connections had done nothing since one statement, for up to {amount(oldest_s, 's')}."
    proof = case.evidence(said, "idle", now=oldest_s, unit="s", key=group.fingerprint if group else None)
    return Check(sessions >= _SEVERAL and oldest_s >= _OLD_S, proof)
