"""Lock queues as a whole: who is in front, what they do there, and who waits in a circle."""

from datetime import UTC, datetime, timedelta

from failonce.diagnose.part import Part
from failonce.diagnose.queue import queue
from failonce.model.snapshot import Connections, LockWait, Session, Snapshot

START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


def session(pid, *, blocked_by=(), state="active", query="update", age_s=0.2, route=None):
    wait = "Lock" if blocked_by else None
    return Session(
        pid,
        "client backend",
        "app",
        "shop",
        state,
        wait,
        fingerprint=query,
        route=route,
        query_age_s=age_s,
        transaction_age_s=age_s,
        blocked_by=blocked_by,
    )


WAITS = (LockWait(2, "transactionid", "ShareLock", "stock"),)


def seen(*moments, hidden=0):
    connections = Connections(9, 0, 100, hidden=hidden)
    at = [START + timedelta(seconds=n) for n in range(len(moments))]
    told = {"connections": connections, "lock_waits": WAITS}
    return queue(Part([Snapshot(when, sessions=s, **told) for when, s in zip(at, moments, strict=True)]))


def test_heads_are_counted_by_what_they_are_at_work_on():
    moments = [(session(n), session(2, blocked_by=(n,)), session(3, blocked_by=(2,))) for n in (11, 12, 13)]
    found = seen(*moments, (session(1),))
    assert (found.samples, found.waited, found.fronts) == (4, 3, 3)
    assert found.at_work == {"update": 3}
    assert (found.statement, found.relation, found.kinds) == ("update", "stock", {"transactionid": 3})


def test_a_head_that_waits_for_its_application_is_not_at_work():
    idle = session(1, state="idle in transaction", query="insert")
    short = session(1, query="insert", age_s=0.001)
    found = seen((idle, session(2, blocked_by=(1,))), (short, session(2, blocked_by=(1,))))
    assert found.share_at_work == 0.0
    assert found.statement == "update"


def test_a_circle_is_told_with_the_code_paths_and_has_no_head():
    one, other = session(1, blocked_by=(2,), route="%2Fcheckout"), session(2, blocked_by=(1,), route="%2Fitems")
    behind = session(3, blocked_by=(1,), query="other")
    found = seen((one, other, behind))
    assert found.circles == {(("update", "/checkout"), ("update", "/items")): 1}
    assert not found.heads
    assert found.holding == {"update": 1}


def test_what_a_role_may_not_see_is_no_queue():
    assert seen((session(1), session(2, blocked_by=(1,))), hidden=3).samples == 0
