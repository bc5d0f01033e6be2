"""The small parts without a database: differences, pace, lanes, releases, queries, names of novelty."""

import threading
import time
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest

from failonce.model.snapshot import Application, ReleaseEvent, Session
from failonce.observe import queries
from failonce.observe.differences import Counters
from failonce.observe.lane import Lane
from failonce.observe.pace import Paced
from failonce.observe.releases import Releases
from failonce.observe.source import Unseen, merged

NOW = datetime(2026, 9, 14, tzinfo=UTC)


class Source:
    name = "source"
    impact = "nothing is known"

    def __init__(self, *answers):
        self.answers = list(answers)

    def read(self, at):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def running(release):
    return Application(interval_s=1, requests=0, errors=0, bounds_s=(), buckets=(), release=release)


def sampled(*releases):
    return [Session(n, "client backend", "u", "a", "active", release=release) for n, release in enumerate(releases)]


def test_counters_tell_what_grew_from_the_second_reading_on():
    counters = Counters()
    assert counters.advance({"a": (1, 10), "b": (5, 5)}) is None
    assert counters.advance({"a": (3, 10), "b": (5, 5), "new": (7, 0)})[1] == {"a": (2, 0), "new": (7, 0)}


def test_a_counter_that_fell_is_passed_over_once():
    counters = Counters()
    counters.advance({"a": (100, 100)})
    assert counters.advance({"a": (3, 200)})[1] == {}
    assert counters.advance({"a": (5, 201)})[1] == {"a": (2, 1)}


def test_an_entry_that_comes_back_counts_from_zero():
    counters = Counters()
    counters.advance({"a": (100,)})
    counters.advance({})
    assert counters.advance({"a": (4,)})[1] == {"a": (4,)}


def test_what_was_held_back_comes_with_the_next_reading():
    counters = Counters()
    counters.advance({"a": (1,)})
    counters.hold_back(counters.advance({"a": (3,), "new": (5,)})[1])
    assert counters.advance({"a": (4,), "new": (6,)})[1] == {"a": (3,), "new": (6,)}


def test_a_failure_is_a_gap_and_a_lasting_one_is_not_asked_again_soon():
    paced = Paced(Source(Unseen("away", hint="look"), Unseen("never", hint="grant", lasting=True)))
    (gap,) = paced.read(NOW)["gaps"]
    assert (gap.source, gap.reason, gap.impact, gap.hint) == ("source", "away", "nothing is known", "look")
    assert paced.is_due(urgent=False)
    paced.read(NOW)
    assert not paced.is_due(urgent=True)


def test_a_source_is_due_at_its_pace():
    paced = Paced(Source({}, {}), calm_s=10, urgent_s=0)
    assert paced.is_due(urgent=False)
    paced.read(NOW)
    assert not paced.is_due(urgent=False)
    assert paced.is_due(urgent=True)
    paced.hasten()
    assert paced.is_due(urgent=False)


def test_a_lane_gives_late_what_was_late():
    ready = threading.Event()
    lane = Lane("test", lambda at: ready.wait(10) and {"lock_waits": ()}, overdue={})
    lane.start(NOW)
    assert lane.collect(time.monotonic()) == {}
    ready.set()
    lane.start(NOW)
    assert lane.collect(time.monotonic() + 10) == {"lock_waits": ()}


def test_a_fault_in_a_lane_is_raised_where_it_is_collected():
    lane = Lane("test", lambda at: {}["fault"], overdue={})
    lane.start(NOW)
    with pytest.raises(KeyError, match="fault"):
        lane.collect(time.monotonic() + 10)


def test_merging_keeps_every_gap():
    one, other = (Unseen(reason, hint="h").gap("s", "i") for reason in ("a", "b"))
    assert merged([{"gaps": (one,)}, {}, {"gaps": (other,), "lock_waits": ()}]) == {
        "gaps": (one, other),
        "lock_waits": (),
    }


def test_a_release_in_the_metrics_is_told_when_it_changes():
    releases = Releases(None)
    told = [releases.read(NOW, None, running(name)) for name in ("v1", "v1", None, "v2", "v1")]
    assert [[event.release for event in events] for events in told] == [["v1"], [], [], ["v2"], ["v1"]]


def test_a_sampled_release_is_told_again_only_when_it_was_long_gone():
    releases = Releases(None)
    at = [NOW + timedelta(minutes=minutes) for minutes in (0, 1, 2, 9)]
    assert releases.read(at[0], sampled("v1", None), None) == (ReleaseEvent("v1", at[0], "samples"),)
    assert releases.read(at[1], sampled("v2", "v1"), None) == (ReleaseEvent("v2", at[1], "samples"),)
    assert releases.read(at[2], sampled("v1", "v2"), None) == ()
    assert releases.read(at[3], sampled("v1"), None) == (ReleaseEvent("v1", at[3], "samples"),)


def test_what_was_announced_within_the_last_hour_is_told_once():
    events = [ReleaseEvent("v1", NOW - timedelta(hours=2), "announced"), ReleaseEvent("v2", NOW, "announced")]
    releases = Releases(lambda since: [event for event in events if event.at >= since])
    assert releases.read(NOW, None, None) == (events[1],)
    assert releases.read(NOW + timedelta(seconds=1), None, None) == ()


@pytest.mark.parametrize("version", [140000, 180006])
def test_every_query_is_whole_and_marked_as_ours(version):
    names = {file.name.split(".")[0] for file in files("failonce.observe.sql").iterdir() if file.name.endswith(".sql")}
    for name in names - {"mask", "tags"}:
        text = queries.query(name, version)
        assert text.split(maxsplit=2)[1] == "/*application='failonce'*/"
        assert "{mask}" not in text
        assert "{tags}" not in text
        assert not text.startswith("--")
