"""The root of a lock queue: who blocks and is not blocked."""

from datetime import UTC, datetime, timedelta

from failonce.diagnose.locks import roots
from failonce.diagnose.part import Part
from failonce.model.snapshot import LockWait, Session, Snapshot

START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


def session(pid, *, blocked_by=(), state="active", age_s=1.0):
    wait = "Lock" if blocked_by else None
    return Session(pid, "client backend", "app", "web", state, wait, blocked_by=blocked_by, transaction_age_s=age_s)


def part(*moments):
    waits = (LockWait(2, "relation", "AccessShareLock", "recipes"),)
    return Part([Snapshot(START + timedelta(seconds=n), sessions=s, lock_waits=waits) for n, s in enumerate(moments)])


def test_the_root_of_a_chain_is_not_its_middle():
    holder = session(1, state="idle in transaction", age_s=41.0)
    chain = (holder, session(2, blocked_by=(1,)), session(3, blocked_by=(2,)), session(4, blocked_by=(2, 3)))
    (root,) = roots(part(chain, chain))
    assert (root.pid, root.present, root.waiters, root.relation) == (1, 1.0, 3.0, "recipes")
    assert (root.oldest_s, root.session) == (41.0, holder)


def test_a_cycle_has_no_root():
    assert roots(part((session(1, blocked_by=(2,)), session(2, blocked_by=(1,))))) == ()


def test_the_longest_standing_root_comes_first():
    first = (session(1), session(2, blocked_by=(1,)))
    both = (*first, session(5), session(6, blocked_by=(5,)), session(7, blocked_by=(5,)))
    assert [root.pid for root in roots(part(first, both, first))] == [1, 5]


def test_nobody_waits_nobody_is_a_root():
    assert roots(part((session(1), session(2)))) == ()
