"""Other people's programs on the database's machine: they compute, or they write and sync, as fast as they may.

Run with `python -m failonce.lab.guests NAME compute` or `... NAME write DIRECTORY`: it works until its input ends. To
the machine it is a program of that name.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading
from pathlib import Path

from failonce.lab.child import Child

# linux/prctl.h; the kernel keeps fifteen characters.
_PR_SET_NAME = 15
_CHUNK_BYTES = 4 * 1024 * 1024
_FILE_BYTES = 256 * 1024 * 1024


class Guests:
    """The programs that have moved in."""

    def __init__(self, *, directory: Path, log_file: Path) -> None:
        """They write into `directory`, which should lie on the database's disk."""
        self._directory = directory
        self._log_file = log_file
        self._present: list[Child] = []

    def compute(self, name: str, *, programs: int) -> None:
        """Let so many programs of that name take the processors, those present already among them."""
        self._move_in(programs, name, "compute")

    def write(self, name: str, *, programs: int) -> None:
        """Let so many programs of that name write to the disk, each byte synced; those present already count."""
        self._move_in(programs, name, "write", str(self._directory))

    def leave(self) -> None:
        """End them all."""
        while self._present:
            self._present.pop().end()

    close = leave

    def _move_in(self, programs: int, *arguments: str) -> None:
        while len(self._present) < programs:
            self._present.append(Child(__name__, *arguments, log_file=self._log_file))


def main() -> None:
    name, trade, *place = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode(), 0, 0, 0)
    threading.Thread(target=_end_with_owner, daemon=True).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    if trade == "compute":
        _compute()
    _write(Path(place[0]))


def _end_with_owner() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)


def _compute() -> None:
    number = 1
    while True:
        # One long operation after the other, so that the thread that waits for the end gets its turn.
        number = pow(number + 3, 65537, 2**2048 - 1)


def _write(directory: Path) -> None:
    path = directory / f"guest-{os.getpid()}"
    chunk = os.urandom(_CHUNK_BYTES)
    file = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    # It has a place on the disk and no name there: gone with its program.
    with contextlib.suppress(OSError):
        path.unlink()
    while True:
        os.lseek(file, 0, os.SEEK_SET)
        for _ in range(_FILE_BYTES // _CHUNK_BYTES):
            os.write(file, chunk)
            os.fsync(file)


if __name__ == "__main__":
    main()
