"""Where a recording's files are, and how its header and its sealed segments are written and read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from failonce.model.errors import NotFound, RecordingDamaged
from failonce.model.snapshot import Snapshot
from failonce.observe.recording.once import Totals
from failonce.observe.recording.schema import from_row, text_columns, to_batch, to_row, to_rows, together

HEADER = "recording.json"
LIVE = "live.arrows"
#: Folders of sealed segments, and how many seconds one of their snapshots stands for (0: it is as it was seen).
TIERS = {"raw": 0, "10s": 10, "60s": 60}
#: What reading a damaged file raises; a byte changed among names, types or lengths shows as one of the second line.
DAMAGE = (
    *(OSError, EOFError, pa.ArrowException, msgspec.MsgspecError),
    *(ValueError, TypeError, LookupError, ArithmeticError, MemoryError),
)

_VERSION = 1
_BATCH = 50
_NAME = "%Y%m%dT%H%M%S.%fZ.parquet"


class Header(msgspec.Struct):
    """What recording.json says."""

    version: int
    target: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A sealed file of snapshots, known by the instant of the first one."""

    path: Path
    starts_at: datetime
    resolution_s: int


def read_header(path: Path) -> Header:
    """Return what recording.json says; raises one of DAMAGE, or RecordingDamaged when a newer failonce wrote it."""
    header = msgspec.json.decode((path / HEADER).read_bytes(), type=Header)
    if header.version > _VERSION:
        message = f"{path} is a recording of format {header.version}; this failonce knows formats up to {_VERSION}"
        raise RecordingDamaged(message, hint="read it with the failonce that wrote it: pip install --upgrade failonce")
    return header


def write_header(path: Path, target: str) -> None:
    replace_file(path / HEADER, msgspec.json.encode(Header(_VERSION, target)))


def require_recording(path: Path) -> None:
    if not any(((path / HEADER).exists(), (path / LIVE).exists(), segments(path))):
        raise NotFound(f"there is no recording in {path}", hint=f"name the folder that holds {HEADER}")


def segments(path: Path) -> list[Segment]:
    """Return the sealed segments in order of time; of two that start together the coarser one, its successor, first."""
    found = []
    for tier, resolution_s in TIERS.items():
        for file in (path / tier).glob("*.parquet"):
            with suppress(ValueError):
                starts_at = datetime.strptime(file.name, _NAME).replace(tzinfo=UTC)
                found.append(Segment(file, starts_at, resolution_s))
    return sorted(found, key=lambda segment: (segment.starts_at, -segment.resolution_s))


def to_batches(snapshots: Iterable[Snapshot]) -> Iterator[pa.RecordBatch]:
    """Yield the batches of a segment that is written at once."""
    totals, remaining = Totals(), iter(snapshots)
    while rows := [totals.left_out(to_row(snapshot)) for snapshot in islice(remaining, _BATCH)]:
        yield to_batch(rows)


def write_segment(folder: Path, batches: list[pa.RecordBatch], *, starts_at: datetime | None = None) -> None:
    """Seal batches into a file of the folder: whole or not there at all, and on the disk before this returns.

    One that replaces others is told where the first of them starts, for it takes that one's place.
    """
    starts_at = starts_at or to_rows(batches[0].slice(0, 1))[0]["at"]
    sink = pa.BufferOutputStream()
    # Numbers without a dictionary: measured, zstd does better on them as they are. No statistics: the name tells.
    pq.write_table(
        together(batches),
        sink,
        compression="zstd",
        compression_level=9,
        use_dictionary=text_columns(),
        write_statistics=False,
        store_schema=False,
        write_page_checksum=True,
    )
    folder.mkdir(exist_ok=True)
    replace_file(folder / starts_at.astimezone(UTC).strftime(_NAME), sink.getvalue())


def read_segment(path: Path) -> Iterator[Snapshot]:
    """Yield a segment's snapshots lazily; raises one of DAMAGE where it is not whole."""
    totals = Totals()
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        for batch in file.iter_batches(batch_size=_BATCH):
            for row in to_rows(batch):
                yield from_row(totals.filled_in(row))


def replace_file(path: Path, content: bytes | pa.Buffer) -> None:
    """Write a file under another name, bring it to the disk, and only then give it its name."""
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
