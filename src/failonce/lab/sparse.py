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


@contextmanager
def grown(sizes: Mapping[Path, int], owner: Identity) -> Iterator[None]:
    """Give each relation's file that many bytes while the block runs.

    A server process that looked meanwhile remembers the segments: it must not be used afterwards.
    """
    before = {path: path.stat().st_size for path in sizes}
    try:
        for path, size in sizes.items():
            _grow(path, max(size, before[path]), owner)
        yield
    finally:
        for path, size in before.items():
            _shrink(path, size)


def _grow(path: Path, size: int, owner: Identity) -> None:
    os.truncate(path, min(size, _SEGMENT_BYTES))
    for number, start in enumerate(range(_SEGMENT_BYTES, size, _SEGMENT_BYTES), start=1):
        segment = path.with_name(f"{path.name}.{number}")
        segment.touch(mode=0o600)
        os.truncate(segment, min(size - start, _SEGMENT_BYTES))
        owner.own(segment)


def _shrink(path: Path, size: int) -> None:
    number = 1
    while (segment := path.with_name(f"{path.name}.{number}")).exists():
        segment.unlink()
        number += 1
    os.truncate(path, size)
