"""A day of a normal load stays below 20 MB."""

from datetime import timedelta

import pytest

from failonce.observe.recording import Recording, Retention
from observe.recording_stream import stream


def size_bytes(folder):
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


@pytest.mark.acceptance
def test_a_day_takes_at_most_20_megabytes(tmp_path):
    """Measured on an hour rolled up and 45 minutes raw; a day is seven hours raw at most, and the rest rolled up."""
    live_bytes = 0
    with Recording.create(tmp_path, target="shop", retention=Retention(raw=timedelta(minutes=29))) as recording:
        for snapshot in stream(6300):
            recording.append(snapshot)
            live_bytes = max(live_bytes, (tmp_path / "live.arrows").stat().st_size)
    assert [len(list((tmp_path / tier).iterdir())) for tier in ("10s", "raw")] == [1, 3]
    raw_hour_bytes = size_bytes(tmp_path / "raw") / 0.75
    assert 7 * raw_hour_bytes + 17 * size_bytes(tmp_path / "10s") + live_bytes < 20e6
