"""The load without the culprit: its sessions and the queue behind it fall away; and where it has nothing to say."""

from datetime import UTC, datetime, timedelta

import pytest

from failonce.diagnose.case import Case
from failonce.diagnose.counterfactual import without
from failonce.model.diagnosis import Culprit
from failonce.model.snapshot import Session, Snapshot
from failonce.model.window import Window

ONSET = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
SLOW = Culprit("select 1", "slow", (), None, (1, 2))
HOLDER = Culprit("update t set a = ?", "other", (), None, (1,), "psql", "ann")
PREPARED = Culprit(None, None, ("t",), None, ())


def session(pid, fingerprint="other", *, blocked_by=(), state="active", age_s=0.1):
    wait = "Lock" if blocked_by else None
    return Session(
        pid,
        "client backend",
        "app",
        "web",
        state,
        wait,
        fingerprint=fingerprint,
        blocked_by=blocked_by,
        state_age_s=age_s,
    )


def told(culprits, during, before=((),)):
    moments = [*((-1 - n, s) for n, s in enumerate(before)), *enumerate(during)]
    seen = tuple(Snapshot(ONSET + timedelta(seconds=s), sessions=sessions) for s, sessions in sorted(moments, key=_at))
    return without(Case(Window(seen, ONSET), ()), culprits)


def _at(moment):
    return moment[0]


def test_a_statements_own_sessions_fall_away():
    busy = (session(1, "slow"), session(2, "slow"), session(3))
    found = told([SLOW], [busy, busy], before=[(session(3),), ()])
    assert found.statement == (
        "Without it 1 of 3 active sessions would be left, 0.5 before: it explains 80 % of the rise."
    )
    assert (found.value, found.baseline, found.unit, found.supports) == (1.0, 0.5, "sessions", True)
    assert (found.pointer.source, found.pointer.key) == ("sessions", "slow")


def test_who_takes_less_than_it_must_is_said_to():
    found = told([SLOW], [(session(1, "slow"), *(session(pid) for pid in range(2, 6)))])
    assert found.statement.endswith("it explains 20 % of the rise, so there is more to it.")
    assert found.supports is False


def test_what_it_took_before_is_not_held_for_it():
    """Nine of the ten were there before, and the others grew: the rise is theirs."""
    was = [(*(session(pid, "slow") for pid in range(9)), session(10))]
    found = told([SLOW], [(*(session(pid, "slow") for pid in range(9)), *(session(pid) for pid in range(10, 15)))], was)
    assert found.value == 5
    assert "it explains 0 % of the rise" in found.statement


def test_the_queue_behind_a_session_falls_away_with_it():
    holder = session(1, state="idle in transaction", age_s=40.0)
    queue = (holder, session(2, blocked_by=(1,)), session(3, blocked_by=(2,)), session(4))
    assert told([HOLDER], [queue]).statement == (
        "Without it and the 2 that wait behind, 1 of 3 active sessions would be left, 0 before: "
        "it explains 67 % of the rise."
    )


def test_who_waits_for_another_too_still_waits():
    both = (
        session(1, state="idle in transaction"),
        session(5),
        session(2, blocked_by=(1, 5)),
        session(3, blocked_by=(1,)),
    )
    assert told([HOLDER], [both]).value == 2


def test_a_prepared_transaction_has_a_queue_and_no_session():
    assert told([PREPARED], [(session(2, blocked_by=(0,)), session(3, blocked_by=(2,)))]).value == 0


def test_two_culprits_are_taken_away_together():
    holder = session(1, state="idle in transaction", age_s=40.0)
    found = told([HOLDER, SLOW], [(holder, session(2, blocked_by=(1,)), session(3, "slow"), session(4, "slow"))])
    assert found.statement.startswith("Without both 0 of 3 active sessions would be left")
    assert found.pointer.key is None


def test_nobody_watched_before_nothing_to_hold_it_against():
    found = told([SLOW], [(session(1, "slow"), session(3))], before=())
    assert found.statement == "Without it 1 of 2 active sessions would be left."
    assert (found.baseline, found.supports) == (None, True)


@pytest.mark.parametrize(
    ("culprits", "during"),
    [
        ([], (session(1, "slow"), session(2, "slow"))),
        # Connections that are kept, and no work.
        (
            [SLOW],
            (
                session(3),
                session(1, "slow"),
                *(session(n, "slow", state="idle in transaction", age_s=9.0) for n in (4, 5)),
            ),
        ),
        # What it does, it does by being there: nobody waits for its lock.
        ([HOLDER], (session(1), session(2), session(3))),
        ([PREPARED], (session(2), session(3))),
        # Requests fail or wait elsewhere: no more sessions than before.
        ([SLOW], ()),
    ],
    ids=["nobody blamed", "an open transaction", "an old snapshot", "no queue", "no rise"],
)
def test_says_nothing_where_the_harm_is_not_in_active_sessions(culprits, during):
    assert told(culprits, [during]) is None
