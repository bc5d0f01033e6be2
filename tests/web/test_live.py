"""Pages of what goes on now: they read the end of a recording that somebody else writes."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from failonce.app.pages.desk import Desk
from failonce.app.pages.health import Pulse, health
from failonce.app.pages.incident import incident_page
from failonce.app.pages.recordings import Recordings
from failonce.app.report import Report, keep_running
from failonce.model.viewer import Viewer
from failonce.observe.recording import Recording, Retention, read
from failonce.store.book import Book

ALL = Viewer.machine()


@pytest.fixture
def under_way(tmp_path, recorded_outage, example):
    """A recorded outage as if it were now: a desk, the incident that runs, and the instant."""
    folder = tmp_path
    now = datetime.now(UTC)
    seen = [s for s in read(example / "recording") if s.at <= recorded_outage.diagnosis.diagnosed_at]
    shift = now - seen[-1].at
    with Recording.create(folder / "spiceshare", target="spiceshare", retention=Retention()) as recording:
        for snapshot in seen:
            recording.append(replace(snapshot, at=snapshot.at + shift))
    diagnosis = recorded_outage.diagnosis
    moved = replace(
        diagnosis,
        onset_at=diagnosis.onset_at + shift,
        detected_at=diagnosis.detected_at + shift,
        diagnosed_at=diagnosis.diagnosed_at + shift,
    )
    report = Report("spiceshare", folder / "spiceshare", (), moved, recorded_outage.signals, None)
    with Book.open(folder / "failonce.db") as book:
        yield Desk(book, Recordings(folder), ("spiceshare", "elsewhere")), report, now


def test_a_target_is_as_its_recording_says(under_way):
    desk, report, now = under_way
    before = {told.target: told for told in health(desk, ALL, now)}
    assert before["elsewhere"].pulse is Pulse.UNWATCHED
    assert before["elsewhere"].vitals is None
    assert before["spiceshare"].pulse is Pulse.CALM
    assert before["spiceshare"].vitals.p95_ms > 1000
    assert len(before["spiceshare"].vitals.line) > 10

    keep_running(report, desk.book)
    assert {t.target: t.pulse for t in health(desk, ALL, now)}["spiceshare"] is Pulse.IN_TROUBLE
    later = {t.target: t for t in health(desk, ALL, now + timedelta(minutes=5))}
    assert later["spiceshare"].pulse is Pulse.IN_TROUBLE


def test_a_running_incident_is_drawn_from_the_recording(under_way):
    desk, report, _ = under_way
    keep_running(report, desk.book)
    shown = incident_page(desk, ALL, report.id)
    assert shown.is_running
    assert desk.book.incidents.measured(ALL, report.id).exhibit is None
    assert shown.measured.charts.exhibit is not None
    assert "Response time" in shown.measured.charts.drawn


def test_a_name_that_leads_out_of_the_folder_reads_nothing(under_way):
    desk, *_ = under_way
    for name in ("..", "../live", "/", "nobody"):
        assert desk.recordings.since(name, datetime(2020, 1, 1, tzinfo=UTC)) == ()


def test_what_nobody_writes_to_is_not_read_again(tmp_path, example, monkeypatch):
    seen = list(read(example / "recording"))[:3]
    since = seen[0].at - timedelta(seconds=1)
    with Recording.create(tmp_path / "shop", target="shop", retention=Retention()) as recording:
        recording.append(seen[0])
        recordings = Recordings(tmp_path)
        assert len(recordings.since("shop", since)) == 1
        monkeypatch.setattr("failonce.app.pages.recordings._STALE_S", 0.0)
        monkeypatch.setattr(recordings, "_read", lambda target, from_at: pytest.fail("read again"))
        assert len(recordings.since("shop", since)) == 1
        monkeypatch.undo()
        recording.append(seen[1])
        monkeypatch.setattr("failonce.app.pages.recordings._STALE_S", 0.0)
        assert len(recordings.since("shop", since)) == 2


def test_what_is_recorded_meanwhile_is_seen_within_a_few_looks(tmp_path, example):
    seen = list(read(example / "recording"))[:5]
    since = seen[0].at - timedelta(seconds=1)
    recordings = Recordings(tmp_path)
    with Recording.create(tmp_path / "shop", target="shop", retention=Retention()) as recording:
        for snapshot in seen[:3]:
            recording.append(snapshot)
        assert len(recordings.since("shop", since)) == 3
        for snapshot in seen[3:]:
            recording.append(snapshot)
        ends = time.monotonic() + 30
        while len(recordings.since("shop", since)) < 5:
            assert time.monotonic() < ends
            time.sleep(0.05)
