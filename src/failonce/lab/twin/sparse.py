"""Relations as large as production's without a block of content: files that are all hole.

The planner asks the file system how many blocks a relation has (mdnblocks in md.c) and reads none of a table's.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from failonce.lab.unprivileged import Identity

BLOCK_BYTES = 8192
# RELSEG_SIZE: larger relations continue in `<file>.1`, `<file>.2`, ...
_SEGMENT_BYTES = 1 << 30


def grow(path: Path, size: int, owner: Identity) -> None:
    """Give a relation's file that many bytes; it never gets smaller."""
    os.truncate(path, max(path.stat().st_size, min(size, _SEGMENT_BYTES)))
    for number, start in enumerate(range(_SEGMENT_BYTES, size, _SEGMENT_BYTES), start=1):
        segment = path.with_name(f"{path.name}.{number}")
        if not segment.exists():
            segment.touch(mode=0o600)
            owner.own(segment)
        os.truncate(segment, min(size - start, _SEGMENT_BYTES))


@contextmanager
def emptied(sizes: Mapping[Path, int], owner: Identity) -> Iterator[None]:
    """Take the holes away while the block runs, so that what reads a whole table has nothing to read.

    A server process that looked before remembers the segments: only one that did not may work meanwhile.
    """
    for path, size in sizes.items():
        os.truncate(path, 0)
        for number in range(1, -(-size // _SEGMENT_BYTES)):
            os.truncate(path.with_name(f"{path.name}.{number}"), 0)
    try:
        yield
    finally:
        for path, size in sizes.items():
            if path.exists():
                grow(path, size, owner)
