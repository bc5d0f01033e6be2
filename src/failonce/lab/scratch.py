"""Directories that go with their processes: locked while somebody needs them, swept once nobody does.

A directory is locked by flock on itself. Whoever inherits the open file holds the lock too, and the kernel releases it
when the last of them ends, however that happens.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

_PREFIX = "failonce-pg-"
_NOT_YET_LOCKED = "failonce-new-"


@contextlib.contextmanager
def scratch_directory() -> Iterator[tuple[Path, int]]:
    """Yield a directory below the temporary one and the open file that locks it; sweep those left over before."""
    _sweep()
    new = Path(tempfile.mkdtemp(prefix=_NOT_YET_LOCKED))
    lock = os.open(new, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    # Only now does it get the name that others sweep.
    directory = new.rename(new.with_name(_PREFIX + new.name.removeprefix(_NOT_YET_LOCKED)))
    try:
        yield directory, lock
    finally:
        shutil.rmtree(directory, ignore_errors=True)
        os.close(lock)


def _sweep() -> None:
    for directory in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        # Another user's, or still locked: not ours to remove.
        with contextlib.suppress(OSError):
            lock = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(directory, ignore_errors=True)
            finally:
                os.close(lock)
