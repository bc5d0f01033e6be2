"""The alarm: silent on noise, quick on a step, and right about when it began."""

import random
from datetime import UTC, datetime, timedelta

from failonce.detect.alarm import LATEST, WARM_UP, Alarm
from failonce.model.snapshot import Application, Session, Snapshot

START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, float("inf"))


def second(n, *, p95_ms=None, active=0):
    """A snapshot in which all requests took `p95_ms` (None: nobody counts) and `active` sessions were at work."""
    application = None
    if p95_ms is not None:
        buckets = [0] * len(BOUNDS)
        buckets[next(i for i, bound in enumerate(BOUNDS) if p95_ms / 1000 <= bound)] = 50
        application = Application(1.0, 50, 0, BOUNDS, tuple(buckets), pool_size=10, pool_in_use=1, pool_waiting=0)
    sessions = tuple(Session(pid, "client backend", "app", "web", "active") for pid in range(active))
    return Snapshot(START + timedelta(seconds=n), sessions=sessions, application=application)


def fed(snapshots):
    alarm = Alarm()
    return alarm, [(s.at, signals) for s in snapshots if (signals := alarm.step(s))]


def test_says_nothing_before_there_is_a_baseline():
    _, raised = fed(second(n, p95_ms=2000) for n in range(WARM_UP + LATEST))
    assert raised == []


def test_ignores_one_spike():
    _, raised = fed(second(n, p95_ms=2000 if n == 30 else 4) for n in range(60))
    assert raised == []


def test_is_raised_by_the_second_slow_second():
    _, raised = fed(second(n, p95_ms=4 if n < 30 else 2000) for n in range(33))
    at, signals = raised[0]
    assert at == START + timedelta(seconds=31)
    assert [s.id for s in signals] == ["slow-responses"]


def test_dates_the_onset_to_the_step_and_not_to_an_earlier_spike():
    _, raised = fed(second(n, p95_ms=4 if n < 40 and n != 25 else 2000) for n in range(45))
    assert raised[-1][1][0].onset_at == START + timedelta(seconds=40)


def test_an_outage_does_not_become_the_new_normal_while_frozen():
    alarm = Alarm()
    for n in range(30):
        alarm.step(second(n, p95_ms=4))
    alarm.freeze()
    raised = [alarm.step(second(n, p95_ms=2000)) for n in range(30, 430)]
    assert all(raised[1:])
    assert not alarm.is_calm(8)


def test_is_calm_again_after_the_outage_and_learns_nothing_from_it():
    alarm = Alarm()
    for n in range(40):
        alarm.step(second(n, p95_ms=4 if n < 30 else 2000))
    alarm.freeze()
    for n in range(40, 55):
        alarm.step(second(n, p95_ms=4))
    assert alarm.is_calm(8)
    alarm.thaw()
    again = [alarm.step(second(n, p95_ms=2000)) for n in range(55, 58)]
    assert again[1]


def test_busy_sessions_open_no_incident_while_users_are_served():
    alarm, raised = fed(second(n, p95_ms=4, active=0 if n < 30 else 9) for n in range(35))
    assert [s.id for s in raised[-1][1]] == ["busy-sessions"]
    assert not alarm.opens_incident(raised[-1][1])


def test_busy_sessions_open_an_incident_when_nobody_can_say_what_users_feel():
    alarm, raised = fed(second(n, active=0 if n < 30 else 9) for n in range(35))
    assert alarm.opens_incident(raised[-1][1])


def test_a_weak_fault_raises_the_alarm_when_it_stays():
    """Never far enough to be loud, but for fifteen seconds: raised then, and not before."""
    chance = random.Random(3)
    _, raised = fed(second(n, active=chance.choice([2, 3, 4]) + (5 if n >= 60 else 0)) for n in range(85))
    assert START + timedelta(seconds=66) <= raised[0][0] <= START + timedelta(seconds=78)
    assert abs(raised[-1][1][0].onset_at - START - timedelta(seconds=60)) <= timedelta(seconds=2)


def test_a_fault_that_creeps_raises_the_alarm_although_it_takes_the_baseline_along():
    """Half a minute of health, then a slow ramp: against all that was seen, no moment of it stands out."""
    ramp = [4 if n < 30 else 4 + 0.6 * (n - 30) for n in range(110)]
    alarm, raised = fed(second(n, p95_ms=p95_ms) for n, p95_ms in enumerate(ramp))
    at, (signal,) = raised[0]
    assert START + timedelta(seconds=60) < at < START + timedelta(seconds=90)
    assert signal.baseline < 6
    alarm.freeze()
    assert not alarm.is_calm(8)


def test_a_creep_that_nobody_feels_is_none():
    _, raised = fed(second(n, p95_ms=4 + n / 30) for n in range(300))
    assert raised == []


def test_is_silent_for_an_hour_of_heavy_tailed_noise():
    chance = random.Random(7)
    hour = (
        second(n, p95_ms=min(900, 6 * chance.lognormvariate(0, 0.5)), active=chance.choice([0, 0, 1, 1, 2]))
        for n in range(3600)
    )
    alarm = Alarm()
    opened = [s.at for s in hour if alarm.opens_incident(alarm.step(s))]
    assert opened == []
