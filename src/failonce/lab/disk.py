"""A disk of a size of one's own: in memory, mounted for as long as a block runs."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from failonce.lab.unprivileged import Identity
from failonce.model.errors import LabFailed


@contextlib.contextmanager
def small_disk(directory: Path, size_bytes: int, owner: Identity) -> Iterator[None]:
    """Mount an empty disk of that size on the directory, which is made. Raises LabFailed when that is not allowed."""
    directory.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size_bytes},mode=0700", "tmpfs", str(directory)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        raise LabFailed(
            "a disk of its own cannot be mounted for the database",
            hint="run the drill as root, with the right to mount (CAP_SYS_ADMIN)",
        )
    try:
        owner.own(directory)
        yield
    finally:
        subprocess.run(["umount", "--lazy", directory], check=False)


def fill(path: Path) -> None:
    """Write a file until the disk has no room left, not even for one more page."""
    with path.open("wb", buffering=0) as file:
        for size in (1024 * 1024, 4096):
            with contextlib.suppress(OSError):
                while file.write(bytes(size)) == size:
                    pass
