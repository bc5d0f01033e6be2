"""Killed at any instant and on a full disk: what was appended is there."""

import errno
import os
import random
import resource
import signal
import subprocess
import sys
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest

from failonce.observe.recording import Recording, read, writer
from observe.recording_stream import stream

APPENDING = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from observe.recording_stream import stream
from failonce.observe.recording import Recording, writer
writer._SEGMENT = 60
path, skip = Path(sys.argv[1]), int(sys.argv[3])
recording = Recording.create(path, target="shop")
for number, snapshot in enumerate(stream(10**6)):
    if number >= skip:
        print(recording.append(snapshot).at.isoformat(), flush=True)
"""


def appended_until_killed(path: Path, skip: int, after_lines: int) -> list[str]:
    """Return the instants that a writer said it had appended before it was killed."""
    command = [sys.executable, "-c", APPENDING, str(path), str(Path(__file__).parents[1]), str(skip)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writing:
        lines = [writing.stdout.readline() for _ in range(after_lines)]
        os.kill(writing.pid, signal.SIGKILL)
        lines += writing.stdout.readlines()
    return [line.strip() for line in lines if line.endswith("\n")]


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.acceptance)])
def test_a_kill_loses_nothing_that_was_appended(tmp_path, kills):
    chance = random.Random(kills)
    appended = []
    for _ in range(kills):
        appended += appended_until_killed(tmp_path, len(appended) + 5, chance.randrange(1, 200))
        back = {s.at.isoformat() for s in read(tmp_path)}
        assert set(appended) <= back
        assert len(back) <= len(appended) + kills


@contextmanager
def file_size_limited_to(limit_bytes: int):
    """A write beyond it fails with EFBIG: what a full disk is to a user who cannot mount one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 1.5 MB."""
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1536k", "tmpfs", tmp_path]).returncode:
        pytest.skip("mounting takes root")
    yield tmp_path
    subprocess.run(["umount", "--lazy", tmp_path], check=True)


def test_a_full_disk_stops_the_recording_but_not_the_observation(small_disk):
    filler = small_disk / "filler"
    filler.write_bytes(bytes(1_100_000))
    recording = Recording.create(small_disk / "recording", target="shop")
    recorded = [recording.append(snapshot) for snapshot in stream(200)]
    missing = [s for s in recorded if s.gaps]
    assert recorded[: -len(missing)] == list(read(small_disk / "recording"))
    assert os.strerror(errno.ENOSPC) in missing[-1].gaps[0].reason
    assert f"the last {len(missing)} snapshots are in memory only" == missing[-1].gaps[0].impact
    assert str(small_disk / "recording") in missing[-1].gaps[0].hint
    filler.unlink()
    *_, last = stream(201)
    recorded.append(recording.append(last))
    assert recorded[-1].gaps == ()
    assert list(read(small_disk / "recording")) == recorded
    recording.close()
    assert list(read(small_disk / "recording")) == recorded


def test_a_limit_on_file_size_is_a_full_disk(tmp_path):
    with Recording.create(tmp_path, target="shop") as recording:
        with file_size_limited_to(200_000):
            recorded = [recording.append(snapshot) for snapshot in stream(40)]
        assert recorded[-1].gaps[0].source == "recording"
        *_, last = stream(41)
        recorded.append(recording.append(last))
    assert list(read(tmp_path)) == recorded


def test_memory_is_bounded_while_the_disk_is_full(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "_UNSAVED", 5)
    with Recording.create(tmp_path, target="shop") as recording:
        with file_size_limited_to(1):
            recorded = [recording.append(snapshot) for snapshot in stream(12)]
        assert recorded[-1].gaps[0].impact == "the last 5 snapshots are in memory only, 7 older ones are lost"
        *_, last = stream(13)
        recorded.append(recording.append(last))
    assert list(read(tmp_path)) == recorded[-6:]


def test_without_space_to_seal_the_tail_grows_on_and_is_sealed_later(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "_SEGMENT", 60)
    taken = iter(stream(180))
    (tmp_path / "raw").write_text("in the way")
    with Recording.create(tmp_path, target="shop") as recording:
        recorded = [recording.append(snapshot) for snapshot in islice(taken, 70)]
        assert list(read(tmp_path)) == recorded
        (tmp_path / "raw").unlink()
        recorded += [recording.append(snapshot) for snapshot in taken]
        assert [file.is_file() for file in (tmp_path / "raw").iterdir()] == [True, True]
    assert list(read(tmp_path)) == recorded
