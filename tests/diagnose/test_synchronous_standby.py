"""Commits that wait for a standby: gone, holding up its replay, or merely late."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from failonce.diagnose.case import Case
from failonce.diagnose.causes import synchronous_standby
from failonce.diagnose.naming import ENOUGH
from failonce.model.diagnosis import Status
from failonce.model.snapshot import Server, Session, Snapshot, Standby
from failonce.model.window import Window

START = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
WAITS = Session(1, "client backend", "shop", "shop", "active", wait_type="IPC", wait_event="SyncRep")
GOOD = Standby("second", "streaming", 0, 0, "0/5000000")
HELD_UP = Standby("second", "streaming", 0, 4096, "0/5000100")


def verdict(*readings, before=(GOOD,)):
    """Return the verdict on commits that wait while the standbys are read like this, one second after the other."""
    every = [before] * 3 + list(readings)
    seen = tuple(
        Snapshot(
            START + timedelta(seconds=n),
            sessions=(WAITS,) * 3 if n >= 3 else (),
            server=Server(1.0, START, 0, 0, 0, 0, (), len(standbys), standbys),
        )
        for n, standbys in enumerate(every)
    )
    return synchronous_standby.examine(Case(Window(seen, seen[3].at, {}, (), ()), ()))


def test_a_standby_that_has_all_and_gets_no_further_is_named():
    found = verdict((HELD_UP,), (HELD_UP,))
    assert found.status is Status.CONFIRMED
    assert "standby second has replayed them" in found.statement
    assert found.evidence[-1].pointer.key == "second"


def test_a_standby_that_is_gone_is_another_matter():
    found = verdict((), ())
    assert found.status is Status.CONFIRMED
    assert "none is connected" in found.statement


@pytest.mark.parametrize(
    "readings",
    [
        # It replays, if slowly.
        [(HELD_UP,), (replace(HELD_UP, replay_lsn="0/5000200"),)],
        # It lacks what it would replay: its disk or its network.
        [(HELD_UP,), (replace(HELD_UP, missing_bytes=900),)],
        # It has replayed all: commits wait for something else.
        [(GOOD,), (GOOD,)],
        # It tells nothing of its replay, as a mere receiver of WAL.
        [(Standby("second", "streaming", 0, None, None),)] * 2,
    ],
)
def test_without_the_proof_nobody_is_named(readings):
    assert verdict(*readings).confidence < ENOUGH


def test_where_another_standby_went_meanwhile_commits_may_wait_for_that_one():
    both = (GOOD, replace(GOOD, name="third"))
    assert verdict((HELD_UP,), (HELD_UP,), before=both).confidence < ENOUGH
