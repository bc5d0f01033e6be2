"""Damaged files: what is whole is read, and the first snapshot after a loss tells of it."""

import random
import shutil

import pytest

from failonce.model.errors import RecordingDamaged
from failonce.observe.recording import Recording, read, writer
from observe.recording_stream import stream


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """Three segments of 60 snapshots and a live tail of 20, as a killed writer leaves them; and what it appended."""
    path = tmp_path_factory.mktemp("recording")
    with pytest.MonkeyPatch.context() as patch, Recording.create(path / "live", target="shop") as recording:
        patch.setattr(writer, "_SEGMENT", 60)
        recorded = [recording.append(snapshot) for snapshot in stream(200)]
        shutil.copytree(path / "live", path / "killed")
    return path / "killed", recorded


@pytest.fixture
def recorded(tmp_path, killed):
    shutil.copytree(killed[0], tmp_path, dirs_exist_ok=True)
    return killed[1]


def cut_in_half(file):
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def flip(file, place):
    content = bytearray(file.read_bytes())
    content[place] ^= 0xFF
    file.write_bytes(content)


def losses(snapshots):
    return {n: [gap.reason for gap in s.gaps] for n, s in enumerate(snapshots) if s.gaps}


def test_a_lost_segment_is_told_by_the_next_snapshot(tmp_path, recorded):
    lost = sorted((tmp_path / "raw").iterdir())[1]
    cut_in_half(lost)
    back = list(read(tmp_path))
    assert [s.at for s in back] == [s.at for s in recorded[:60] + recorded[120:]]
    assert list(losses(back)) == [60]
    (gap,) = back[60].gaps
    assert gap.source == "recording"
    assert str(lost) in gap.reason
    assert str(lost) in gap.hint


def test_a_loss_at_the_end_is_told_by_the_last_snapshot(tmp_path, recorded):
    (tmp_path / "live.arrows").unlink()
    cut_in_half(sorted((tmp_path / "raw").iterdir())[-1])
    back = list(read(tmp_path))
    assert [s.at for s in back] == [s.at for s in recorded[:120]]
    assert list(losses(back)) == [119]


def test_a_changed_byte_in_a_segment_is_noticed(tmp_path, recorded):
    flip(sorted((tmp_path / "raw").iterdir())[0], 5000)
    back = list(read(tmp_path))
    assert back[-140:][1:] == recorded[61:]
    assert len(losses(back)) == 1


def test_a_torn_end_of_the_live_tail_is_no_loss_to_speak_of(tmp_path, recorded):
    live = tmp_path / "live.arrows"
    live.write_bytes(live.read_bytes()[:-100])
    assert list(read(tmp_path)) == recorded[:-1]


def test_a_hole_in_the_live_tail_is_told(tmp_path, recorded):
    live = tmp_path / "live.arrows"
    content = live.read_bytes()
    live.write_bytes(content[: len(content) // 2] + b"\xff" * 8 + content[len(content) // 2 :])
    back = list(read(tmp_path))
    assert 180 <= len(back) < 200
    assert list(losses(back)) == [len(back) - 1]


def test_a_writer_that_comes_back_tells_what_the_tail_lost(tmp_path, recorded):
    live = tmp_path / "live.arrows"
    content = live.read_bytes()
    live.write_bytes(content[: len(content) // 2] + b"\xff" * 8 + content[len(content) // 2 :])
    *_, later = stream(300)
    with Recording.create(tmp_path, target="shop") as recording:
        returned = recording.append(later)
    assert [gap.source for gap in returned.gaps] == ["recording"]
    assert list(read(tmp_path))[-1] == returned


@pytest.mark.parametrize("header", [None, b"", b"\x00\xff", b'{"version": "one"}'])
def test_without_its_header_a_recording_is_still_read(tmp_path, recorded, header):
    (tmp_path / "recording.json").unlink()
    if header is not None:
        (tmp_path / "recording.json").write_bytes(header)
    back = list(read(tmp_path))
    assert back[1:] == recorded[1:]
    assert "recording.json" in losses(back)[0][0]


def test_when_nothing_can_be_read_it_is_an_error(tmp_path, recorded):
    (tmp_path / "live.arrows").unlink()
    for file in (tmp_path / "raw").iterdir():
        cut_in_half(file)
    with pytest.raises(RecordingDamaged) as refused:
        list(read(tmp_path))
    assert "backup" in refused.value.hint


@pytest.mark.parametrize("seed", range(30))
def test_no_damage_stops_a_reading(tmp_path, recorded, seed):
    """Bytes changed, cut off or doubled anywhere."""
    chance = random.Random(seed)
    files = [file for file in tmp_path.rglob("*") if file.is_file() and file.name != "recording.json"]
    for file in chance.sample(files, 2):
        content = bytearray(file.read_bytes())
        place = chance.randrange(len(content))
        content[place : place + chance.choice((0, 1, 1000))] = chance.randbytes(chance.choice((0, 1, 1000)))
        file.write_bytes(content)
    at = [s.at for s in read(tmp_path)]
    assert at == sorted(at)
    assert len(at) >= 20
