"""A replay yields what append returned, also from the middle, while it is written, and over several processes."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Thread

import pyarrow.parquet as parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from failonce.model.catalog import Catalog
from failonce.model.errors import CannotLook, NotFound, RecordingDamaged, UsageError
from failonce.model.snapshot import Gap, Query, Session, Snapshot, Statement, Statements
from failonce.observe.recording import Recording, cut, read, writer
from observe.recording_snapshots import snapshots
from observe.recording_stream import stream

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
CATALOG = Catalog(180000, (), (), ())
QUERIES = tuple(Query(fingerprint, f"select {fingerprint}") for fingerprint in "abc")


def after(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def running(seconds: float, fingerprint: str, **parts) -> Snapshot:
    session = Session(pid=1, kind="client backend", user="shop", application="api", state="active")
    return Snapshot(at=after(seconds), sessions=(replace(session, fingerprint=fingerprint),), **parts)


def record(path, snapshots):
    with Recording.create(path, target="shop") as recording:
        return [recording.append(snapshot) for snapshot in snapshots]


@settings(max_examples=25, deadline=None)
@given(snapshots(max_size=4), st.data())
def test_replay_equals_live(tmp_path_factory, taken, data):
    """Over segments of any length: the writer is closed and comes back at any moment."""
    path = tmp_path_factory.mktemp("recording")
    recording = Recording.create(path, target="shop")
    recorded = []
    for snapshot in taken:
        if data.draw(st.booleans()):
            recording.close()
            recording = Recording.create(path, target="shop")
        recorded.append(recording.append(snapshot))
        assert list(read(path)) == recorded
    recording.close()
    assert list(read(path)) == recorded
    assert [told_as_taken(r, t) for r, t in zip(recorded, taken, strict=True)] == taken


def told_as_taken(recorded, taken):
    """What append adds is only what was told before."""
    assert recorded.queries[: len(taken.queries)] == taken.queries
    return replace(recorded, queries=taken.queries, catalog=taken.catalog)


def test_a_normal_load_comes_back(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "_SEGMENT", 60)
    recorded = record(tmp_path, stream(200))
    assert list(read(tmp_path)) == recorded
    assert len(list((tmp_path / "raw").iterdir())) == 4


def test_a_recording_is_read_while_it_is_written(tmp_path, monkeypatch):
    """What was appended before a reading began is in it, whatever is being sealed meanwhile."""
    monkeypatch.setattr(writer, "_SEGMENT", 60)
    recorded, readings = [], []

    def write():
        with Recording.create(tmp_path, target="shop") as recording:
            for snapshot in stream(400):
                recorded.append(recording.append(snapshot))  # noqa: PERF401 - the other thread counts them

    writing = Thread(target=write)
    writing.start()
    while writing.is_alive():
        if appended := len(recorded):
            readings.append((appended, list(read(tmp_path))))
    writing.join()
    assert len(readings) > 3
    for appended, reading in readings:
        assert len(reading) >= appended
        assert reading == recorded[: len(reading)]


def test_measured_values_keep_three_decimals(tmp_path):
    statement = Statement("a", "1", 1, 1.23456, 1, 1, 0, 0, 9, 9.87654, 9, 9)
    (recorded,) = record(tmp_path, [Snapshot(AT, statements=Statements(1.00049, (statement,)))])
    assert recorded.statements == Statements(1.0, (replace(statement, exec_ms=1.235, total_exec_ms=9.877),))


def test_instants_need_no_time_zone_database(tmp_path):
    with Recording.create(tmp_path, target="shop") as recording:
        recording.append(running(0, "a"))
        assert [s.at.tzinfo for s in read(tmp_path)] == [UTC]
    assert [s.at.tzinfo for s in read(tmp_path)] == [UTC]


def test_a_recording_from_before_a_field_was_added_has_its_default(tmp_path):
    (recorded,) = record(tmp_path, [running(0, "a", gaps=(Gap("host", "", "", ""),))])
    (segment,) = (tmp_path / "raw").iterdir()
    parquet.write_table(parquet.read_table(segment).drop_columns(["gaps", "connections"]), segment)
    assert list(read(tmp_path)) == [replace(recorded, gaps=())]


def test_every_segment_tells_what_it_refers_to(tmp_path):
    """Texts and the catalog are told once by the source; a reader of any one segment still knows them."""
    record(tmp_path, [running(0, "a", queries=QUERIES, catalog=CATALOG), running(1, "b")])
    with Recording.create(tmp_path, target="shop") as recording:
        recording.append(running(2, "c", queries=QUERIES, catalog=CATALOG))
        recording._seal()
        recorded = [recording.append(running(second, "a")) for second in (3, 4)]
        recorded += [recording.append(running(second, "b")) for second in (5, 6)]
    assert [s.queries for s in recorded] == [QUERIES[:1], (), QUERIES[1:2], ()]
    assert [s.catalog for s in recorded] == [CATALOG, None, None, None]


def test_a_reading_from_the_middle_knows_what_was_told_before(tmp_path):
    recorded = record(tmp_path, [running(0, "a", queries=QUERIES, catalog=CATALOG), *(running(s, "b") for s in (1, 2))])
    first, second = read(tmp_path, from_at=after(1))
    assert (first, second) == (replace(recorded[1], queries=QUERIES, catalog=CATALOG), recorded[2])


def test_a_reading_ends_where_it_is_told_to(tmp_path):
    record(tmp_path, (running(second, "a") for second in range(9)))
    assert [s.at for s in read(tmp_path, from_at=after(2.5), to_at=after(5))] == [after(3), after(4), after(5)]


def test_an_incident_window_is_a_recording_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "_SEGMENT", 60)
    recorded = record(tmp_path / "all", stream(200))
    out = tmp_path / "all" / "incidents" / "one"
    for last in (150, 170):
        assert cut(tmp_path / "all", out, from_at=recorded[50].at, to_at=recorded[last].at) == out
        window = list(read(out))
        assert window[1:] == recorded[51 : last + 1]
        assert set(window[0].queries) == set(recorded[0].queries)
    assert list(read(tmp_path / "all")) == recorded


def test_an_empty_window_is_not_cut(tmp_path):
    record(tmp_path, [running(0, "a")])
    with pytest.raises(NotFound):
        cut(tmp_path, tmp_path / "out", from_at=after(5), to_at=after(9))
    assert not (tmp_path / "out").exists()


def test_instants_stay_in_order_when_the_clock_goes_back(tmp_path):
    recorded = record(tmp_path, [running(10, "a"), running(8, "a")])
    recorded += record(tmp_path, [running(9, "a"), running(11, "a")])
    assert list(read(tmp_path)) == recorded
    assert all(earlier.at < later.at for earlier, later in pairwise(recorded))
    assert [[gap.reason for gap in s.gaps] for s in recorded] == [
        [],
        ["the clock went back by 2.000 s"],
        ["the clock went back by 1.000 s"],
        [],
    ]


def test_an_open_recording_with_nothing_in_it_reads_as_nothing(tmp_path):
    with Recording.create(tmp_path, target="shop"):
        assert list(read(tmp_path)) == []


def test_a_folder_without_a_recording_is_refused(tmp_path):
    with pytest.raises(NotFound, match="no recording in"):
        read(tmp_path)


def test_another_target_is_refused(tmp_path):
    record(tmp_path, [running(0, "a")])
    with pytest.raises(UsageError, match="recording of shop, not of bank"):
        Recording.create(tmp_path, target="bank")


def test_a_second_writer_is_refused_until_the_first_is_gone(tmp_path):
    with Recording.create(tmp_path, target="shop"), pytest.raises(UsageError, match="another process"):
        Recording.create(tmp_path, target="shop")
    Recording.create(tmp_path, target="shop").close()


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotLook, match="cannot record into"):
        Recording.create(tmp_path / "file" / "recording", target="shop")


def test_a_newer_format_is_refused(tmp_path):
    record(tmp_path, [running(0, "a")])
    (tmp_path / "recording.json").write_text(json.dumps({"version": 2, "target": "shop"}))
    with pytest.raises(RecordingDamaged, match="format 2") as refused:
        list(read(tmp_path))
    assert "--upgrade" in refused.value.hint
    with pytest.raises(RecordingDamaged, match="format 2"):
        Recording.create(tmp_path, target="shop")
