"""The conductor of a drill: it strikes on a healthy system and knows when to end."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from failonce.app import conductor
from failonce.app.conductor import HEALTHY, Conductor, lasts
from failonce.app.events import Opened, Recovered, Ticked
from failonce.model.drill import Truth
from fix_incident import snapshots

WRONG = Truth("missing-index", ("missing-index",), (), "reviews")
NOTHING = Truth(None, (), (), None)
START = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch):
    """The conductor's clock, moved by hand."""

    class Clock(datetime):
        at = START

        @classmethod
        def now(cls, zone=None):
            return cls.at

    monkeypatch.setattr(conductor, "datetime", Clock)
    return Clock


@pytest.fixture
def conduct(clock):
    def made(truth, **more):
        acts = []
        drill = SimpleNamespace(ID="x", TRUTH=truth, strike=acts.append, relieve=acts.append, **more)
        conducted = Conductor(drill, "world", fixes=False, brief=False, listener=lambda _: None)
        conducted._in_background = lambda act: act("world")
        return conducted, acts

    return made


def tick(conducted, clock, seconds):
    for _ in range(int(seconds)):
        clock.at += timedelta(seconds=1)
        conducted.hear(Ticked(snapshots()[0]))


def test_strikes_on_a_healthy_system(conduct, clock):
    conducted, acts = conduct(WRONG)
    tick(conducted, clock, HEALTHY)
    assert acts == []
    tick(conducted, clock, 1)
    assert acts == ["world"]


def test_where_nothing_is_wrong_it_ends_soon_and_waits_for_no_recovery(conduct, clock):
    conducted, acts = conduct(NOTHING)
    tick(conducted, clock, HEALTHY + 1 + lasts(conducted._drill).total_seconds())
    assert len(acts) == 2
    tick(conducted, clock, 5)
    assert conducted.stop.is_set()


def test_an_incident_is_waited_for_until_it_recovers(conduct, clock):
    conducted, _ = conduct(NOTHING)
    tick(conducted, clock, HEALTHY + 2)
    conducted.hear(Opened(clock.at, ()))
    tick(conducted, clock, lasts(conducted._drill).total_seconds() + 10)
    assert not conducted.stop.is_set()
    conducted.hear(Recovered(clock.at, clock.at))
    assert conducted.stop.is_set()


def test_a_drill_may_say_how_long_it_lasts():
    assert lasts(SimpleNamespace(TRUTH=NOTHING, LASTS_S=600.0)) == timedelta(minutes=10)
