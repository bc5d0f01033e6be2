"""Rolling up keeps sums and last samples; retention keeps what is young, and readers notice nothing."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from failonce.model.snapshot import (
    Application,
    Connections,
    DatabaseActivity,
    Gap,
    Host,
    LockWait,
    Probe,
    ReleaseEvent,
    RouteActivity,
    Snapshot,
    Statement,
    Statements,
    TableActivity,
    Tables,
)
from failonce.observe.recording import Retention, cut, layout, read
from failonce.observe.recording.retention import tidy
from failonce.observe.recording.rollup import merge, roll_up
from observe.recording_snapshots import nouns

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DATABASE = DatabaseActivity(5.0, 7, 0, 0, 0, 100, 1)


def after(seconds):
    return AT + timedelta(seconds=seconds)


def every(step_s, until_s):
    return [Snapshot(after(s), database=DATABASE, probe=Probe(float(s))) for s in range(0, until_s, step_s)]


def statement(fingerprint, calls, total):
    return Statement(fingerprint, "1", calls, calls * 0.5, calls, calls, 0, 0, total, total * 0.5, total, total)


def test_counts_are_summed_and_totals_are_the_last():
    merged = merge(
        [
            Snapshot(AT, statements=Statements(10.0, (statement("a", 3, 3), statement("b", 1, 1)))),
            Snapshot(after(1)),
            Snapshot(after(2), statements=Statements(10.5, (statement("a", 4, 7),))),
        ]
    )
    assert merged.at == after(2)
    assert merged.statements == Statements(20.5, (statement("a", 7, 7), statement("b", 1, 1)))


@given(st.lists(nouns(Statements), min_size=1, max_size=4))
def test_no_call_is_lost_or_counted_twice(readings):
    merged = merge([Snapshot(after(n), statements=reading) for n, reading in enumerate(readings)]).statements

    def calls(rows):
        count = Counter()
        for row in rows:
            count[row.fingerprint, row.query_id] += row.calls
        return count

    assert calls(merged.rows) == calls(row for reading in readings for row in reading.rows)
    assert len(calls(merged.rows)) == len(merged.rows)


def test_samples_are_the_last_taken():
    lock = LockWait(7, "relation", "AccessExclusiveLock")
    merged = merge(
        [
            Snapshot(AT, sessions=(), lock_waits=(lock,), connections=Connections(9, 5, 100), probe=Probe(1.0)),
            Snapshot(after(1), probe=Probe(None)),
        ]
    )
    assert (merged.sessions, merged.lock_waits, merged.probe) == ((), (lock,), Probe(None))
    assert merged.connections == Connections(9, 5, 100)


def test_what_was_told_or_unseen_is_kept_once():
    gap = Gap("host", "not local", "", "")
    releases = ReleaseEvent("v1", AT, "announced"), ReleaseEvent("v2", after(1), "metrics")
    merged = merge([Snapshot(after(n), gaps=(gap,), releases=(release,)) for n, release in enumerate(releases)])
    assert (merged.gaps, merged.releases) == ((gap,), releases)


def test_dead_rows_are_how_many_there_are():
    def read_rows(seq_rows, dead_rows):
        return Tables(10.0, (TableActivity("recipes", 1, seq_rows, 0, 0, 0, 0, dead_rows, 0, 0),))

    merged = merge([Snapshot(AT, tables=read_rows(100, 50)), Snapshot(after(1), tables=read_rows(30, 20))])
    assert (merged.tables.rows[0].seq_rows, merged.tables.rows[0].dead_rows) == (130, 20)


def test_histograms_add_up_between_equal_bounds():
    def scraped(bounds, buckets):
        return Application(
            1.0, sum(buckets), 0, bounds, buckets, (RouteActivity("/", sum(buckets), 0, 0.5),), in_flight=3
        )

    parts = [scraped((0.1, 1.0), (9, 9)), scraped((0.5, 1.0), (1, 2)), scraped((0.5, 1.0), (3, 4))]
    merged = merge([Snapshot(after(n), application=part) for n, part in enumerate(parts)]).application
    assert (merged.interval_s, merged.requests, merged.buckets, merged.in_flight) == (2.0, 10, (4, 6), 3)
    assert merged.routes == (RouteActivity("/", 10, 0, 1.0),)


def test_shares_are_means_over_time():
    def host(interval_s, busy, database):
        return Host(interval_s, 2, busy, 0.0, 0.0, database, 10, 100, 0)

    merged = merge([Snapshot(AT, host=host(1.0, 0.25, None)), Snapshot(after(3), host=host(3.0, 0.75, 0.5))]).host
    assert merged == Host(4.0, 2, 0.625, 0.0, 0.0, 0.5, 10, 200, 0)


def test_intervals_are_those_of_the_clock():
    rolled = list(roll_up(every(3, 31), 10))
    assert [s.at for s in rolled] == [after(9), after(18), after(27), after(30)]
    assert [s.database.commits for s in rolled] == [28, 21, 21, 7]


def recording_of(path, snapshots, segments=4):
    """Write a recording of so many segments at once."""
    layout.write_header(path, "shop")
    length = len(snapshots) // segments
    for start in range(0, len(snapshots), length):
        layout.write_segment(path / "raw", list(layout.to_batches(snapshots[start : start + length])))
    return snapshots


def test_old_snapshots_are_rolled_up_and_young_ones_stay(tmp_path):
    recorded = recording_of(tmp_path, every(5, 7200))
    list(tidy(tmp_path, Retention(raw=timedelta(hours=1)), now=after(7200)))
    back = list(read(tmp_path))
    assert sum(s.database.commits for s in back) == sum(s.database.commits for s in recorded)
    assert [s for s in back if s.at >= after(3600)] == [s for s in recorded if s.at >= after(3600)]
    assert [s.at for s in back[:359]] == [after(s) for s in range(5, 3595, 10)]


def test_what_is_rolled_up_is_rolled_up_again_and_dropped_in_the_end(tmp_path):
    hour = timedelta(hours=1)
    retention = Retention(raw=hour, by_10s=2 * hour, by_60s=20 * hour)
    recording_of(tmp_path, every(30, 3600 * 12), segments=24)
    list(tidy(tmp_path, retention, now=after(3600 * 12)))
    assert [s.at - AT for s in read(tmp_path, to_at=after(3600))] == [hour * s / 3600 for s in range(30, 3600, 60)]
    assert len(list(read(tmp_path, from_at=after(3600 * 11)))) == 120
    list(tidy(tmp_path, retention, now=after(3600 * 30)))
    assert min(s.at for s in read(tmp_path)) >= after(3600 * 4)


def test_a_reading_goes_on_while_its_segments_are_rolled_up(tmp_path):
    recorded = recording_of(tmp_path, every(5, 7200))
    reading = read(tmp_path)
    seen = [next(reading) for _ in range(10)]
    list(tidy(tmp_path, Retention(raw=timedelta(0)), now=after(7200)))
    assert len(list((tmp_path / "raw").iterdir())) == 1
    seen += reading
    assert seen[-1] == recorded[-1]
    assert all(timedelta(0) < b.at - a.at <= timedelta(seconds=15) for a, b in pairwise(seen))


def test_killed_before_the_old_segments_are_gone_nothing_is_told_twice(tmp_path):
    recording_of(tmp_path, every(5, 7200))
    old = {file: file.read_bytes() for file in (tmp_path / "raw").iterdir()}
    list(tidy(tmp_path, Retention(raw=timedelta(hours=1)), now=after(7200)))
    rolled = list(read(tmp_path))
    for file, content in old.items():
        file.write_bytes(content)
    assert list(read(tmp_path)) == rolled


def test_incident_windows_are_never_touched(tmp_path):
    recorded = recording_of(tmp_path, every(5, 3600))
    kept = cut(tmp_path, tmp_path / "incidents" / "one", from_at=AT, to_at=after(600))
    nothing = Retention(timedelta(0), timedelta(0), timedelta(0))
    for _ in range(3):
        list(tidy(tmp_path, nothing, now=after(10**6)))
    assert min(s.at for s in read(tmp_path)) > after(600)
    assert list(read(kept)) == recorded[:121]


def test_what_cannot_be_read_is_left_for_repair(tmp_path):
    recording_of(tmp_path, every(5, 3600 * 3), segments=3)
    damaged, *rest = sorted((tmp_path / "raw").iterdir())
    damaged.write_bytes(b"PAR1")
    list(tidy(tmp_path, Retention(raw=timedelta(0)), now=after(3600 * 3)))
    assert set((tmp_path / "raw").iterdir()) == {damaged, rest[-1]}
