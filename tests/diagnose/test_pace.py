"""Whether everybody became slower: weighted by time, and by the round trip where statements are not seen."""

from datetime import UTC, datetime, timedelta

import pytest

from failonce.diagnose.case import Case
from failonce.diagnose.causes import network
from failonce.diagnose.pace import is_as_quick, is_slower, pace_factor, waits_for_its_turn
from failonce.model.diagnosis import Status
from failonce.model.snapshot import Probe, Snapshot, Statement, Statements
from failonce.model.window import Window

START = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


def statement(name, calls, ms, blocks=10):
    return Statement(name, name, calls, calls * ms, calls, calls * blocks, 0, 0, 1000, 1.0, 1000, 1000)


def case(before, during, trips=(1.0, 1.0)):
    sides = [(before, trips[0])] * 5 + [(during, trips[1])] * 5
    seen = tuple(
        Snapshot(START + timedelta(seconds=n), statements=Statements(1.0, rows) if rows else None, probe=Probe(trip))
        for n, (rows, trip) in enumerate(sides)
    )
    return Case(Window(seen, seen[5].at, {}, (), ()), ())


def test_long_statements_tell_and_short_ones_that_get_their_turn_do_not():
    """A full machine: three short statements are as quick as ever, the long one takes four times as long."""
    short = [statement(name, 100, 0.1) for name in "abc"]
    now = case((*short, statement("d", 10, 5.0)), (*short, statement("d", 10, 20.0)))
    assert pace_factor(now) == pytest.approx(230 / 80)
    assert is_slower(now).holds
    assert not is_as_quick(now).holds


def test_more_calls_at_the_same_pace_are_not_slower():
    assert pace_factor(case((statement("a", 10, 5.0),), (statement("a", 100, 5.0),))) == pytest.approx(1.0)


def test_who_reads_more_is_not_slower_but_does_other_work():
    assert not is_slower(case((statement("a", 10, 1.0),), (statement("a", 10, 9.0, blocks=900),))).holds


def test_without_statements_the_round_trip_tells():
    assert is_as_quick(case((), (), trips=(1.0, 1.5))).holds
    assert not is_as_quick(case((), (), trips=(1.0, 9.0))).holds


def test_statements_too_short_to_become_slower_wait_all_the_same():
    """Each runs within its turn, so none takes longer in the server: the round trip tells that the turn came late."""
    short = (statement("a", 100, 0.1),)
    assert waits_for_its_turn(case(short, short, trips=(1.0, 9.0))).holds
    assert not waits_for_its_turn(case(short, short, trips=(1.0, 1.5))).holds


@pytest.mark.parametrize(("trips", "longer"), [((31.0, 31.5, 32.0), True), ((0.3, 31.0, 32.0), False)])
def test_a_longer_way_lengthens_every_round_trip_and_a_busy_machine_most(trips, longer):
    near = Snapshot(START, probe=Probe(0.3))
    seen = (near, *(Snapshot(START + timedelta(seconds=n + 1), probe=Probe(trip)) for n, trip in enumerate(trips)))
    verdict = network.examine(Case(Window(seen, seen[1].at, {}, (), ()), ()))
    assert (verdict.status is not Status.RULED_OUT) is longer


def test_what_is_not_seen_is_not_known():
    seen = (Snapshot(START), Snapshot(START + timedelta(seconds=1)))
    assert is_as_quick(Case(Window(seen, seen[1].at, {}, (), ()), ())).holds is None
