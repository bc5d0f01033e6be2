"""Questions about locks that several causes ask, each answered with its measurement."""

from __future__ import annotations

from failonce.amount import amount, percent
from failonce.diagnose.case import Case
from failonce.diagnose.locks import Root
from failonce.diagnose.weigh import Check
from failonce.model.diagnosis import Culprit
from failonce.model.snapshot import Session
from failonce.sqltext import relations

#: The share of the active sessions that must wait for locks before locks are what an outage is made of.
MOST = 0.35
#: The share of the samples in which the same session must be the root to be the one that blocks.
STAYS = 0.6
#: Kinds of lock that stand for rows: a row's own, and that of the transaction that changed it.
_ROWS = frozenset({"transactionid", "tuple"})


def others_wait(case: Case) -> Check:
    """Ask whether many of the active sessions wait for locks, and did not before."""
    if not case.during.sampled:
        return Check(None)
    now, was = case.during.waits.get("Lock", 0.0), case.before.waits.get("Lock", 0.0)
    share = now / case.during.active if case.during.active else 0.0
    said = f"{amount(now)} sessions waited for a lock ({percent(share)} of the active ones), {amount(was)} before."
    proof = case.evidence(said, "sessions", now=now, before=was, unit="sessions")
    return Check(share >= MOST and now - was >= 1, proof)


def first_root(case: Case) -> Root | None:
    """Return the root that stood longest."""
    return next(iter(case.roots), None)


def head_changes(case: Case) -> Check:
    """Ask whether the queues are headed by another session time and again."""
    root, queue = first_root(case), case.queue
    if not case.during.sampled:
        return Check(None)
    different = len({session.pid for session in queue.heads})
    said = f"{amount(different)} different sessions headed the queues in {amount(queue.waited)} samples"
    said += f"; none of them in more than {percent(root.present)}." if root else "."
    proof = case.evidence(said, "sessions", now=different, unit="sessions")
    return Check(different >= 3 and root is not None and root.present < STAYS, proof)


def nobody_stays(case: Case) -> Check:
    """Ask whether no one session heads the queues for good, whoever does in turn or in a circle."""
    root, queue = first_root(case), case.queue
    if not case.during.sampled or not queue.fronts:
        return Check(None)
    said = f"No session headed the queues in more than {percent(root.present if root else 0.0)} of the samples."
    proof = case.evidence(said, "sessions", now=root.present if root else 0.0, unit="share")
    return Check(root is None or root.present < STAYS, proof)


def in_each_others_way(case: Case) -> Check:
    """Ask whether sessions were seen to wait for each other: two are enough to stand still until one is ended."""
    if not case.during.sampled:
        return Check(None)
    circles = case.queue.circles.total()
    said = f"Sessions waited for each other in {amount(circles)} of {amount(case.queue.samples)} samples."
    return Check(circles > 0, case.evidence(said, "sessions", now=circles, unit="samples"))


def wants_rows(case: Case) -> Check:
    """Ask whether rows are what is waited for, and not tables or advisory locks."""
    kinds = case.queue.kinds
    if not kinds:
        return Check(None)
    share = sum(count for kind, count in kinds.items() if kind in _ROWS) / kinds.total()
    where = f", most of them of {case.queue.relation}" if case.queue.relation else ""
    said = f"{percent(share)} of the waits were for rows{where}."
    return Check(share >= 0.5, case.evidence(said, "sessions", now=share, unit="share", key=case.queue.relation))


def culprit(case: Case, fingerprint: str | None, session: Session | None = None) -> Culprit:
    """Return a statement, or a session by the statement it ran last, as the one to be named."""
    text = case.window.queries.get(fingerprint) if fingerprint else None
    seen = case.during.releases.get(fingerprint) if fingerprint else None
    named = relations(text) if text else ()
    wanted = (case.queue.relation,) if case.queue.relation else ()
    return Culprit(
        query=text,
        fingerprint=fingerprint,
        relations=tuple(dict.fromkeys((*wanted, *named) if session else (*named, *wanted))),
        release=session.release if session else seen.most_common(1)[0][0] if seen else None,
        sessions=(session.pid,) if session else case.during.pids(fingerprint) if fingerprint else (),
        application=(session.application or None) if session else None,
        user=(session.user or None) if session else None,
    )
