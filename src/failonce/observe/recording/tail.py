"""The live tail: the snapshots of the last minutes, not sealed yet, in an Arrow IPC stream.

Each snapshot is one record batch, written in one write; what a killed process leaves is whole up to its last bytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from failonce.model.snapshot import Snapshot
from failonce.observe.recording.once import Totals
from failonce.observe.recording.schema import SCHEMA, from_row, to_rows, together

# A batch of one snapshot is mostly metadata: 11 KB, against 1 KB when this many share one.
_SINGLE_BATCHES = 60
_END_OF_STREAM_BYTES = 8


class Tail:
    """The writer's side."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1
        self.clear()

    def __len__(self) -> int:
        return sum(batch.num_rows for batch in self.batches)

    def append(self, batch: pa.RecordBatch) -> None:
        """Write a batch whole or, when the disk refuses, not at all."""
        size = os.fstat(self._descriptor).st_size
        try:
            _write(self._descriptor, batch.serialize())
        except OSError:
            os.ftruncate(self._descriptor, size)
            raise
        self.batches.append(batch)
        if len(self.batches) > _SINGLE_BATCHES:
            # Saves space only: when there is none to do it, the file stays as it is.
            with suppress(OSError):
                self._restart(together(self.batches).to_batches())

    def clear(self) -> None:
        self._restart([])

    def close(self) -> None:
        os.close(self._descriptor)

    def _restart(self, batches: list[pa.RecordBatch]) -> None:
        """Put a new file in the place of the old one; whoever has the old one open can read it to its end."""
        unfinished = self._path.with_name(self._path.name + ".unfinished")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_TRUNC, 0o666)
        try:
            _write(descriptor, _stream(batches))
            unfinished.replace(self._path)
        except OSError:
            os.close(descriptor)
            unfinished.unlink(missing_ok=True)
            raise
        if self._descriptor >= 0:
            self.close()
        self._descriptor, self.batches = descriptor, batches


def read_tail(file: BinaryIO) -> Iterator[Snapshot]:
    """Yield the snapshots that are whole; raises one of layout.DAMAGE when more than the end is missing."""
    totals = Totals()
    for batch in _batches(file):
        batch.validate(full=True)
        for row in to_rows(batch):
            yield from_row(totals.filled_in(row))


def _batches(file: BinaryIO) -> Iterator[pa.RecordBatch]:
    try:
        yield from pa.ipc.open_stream(file)
    except (OSError, pa.ArrowInvalid):
        # At the end of the file it is a write under way, or one that a kill cut short.
        if file.read(1):
            raise


def _stream(batches: list[pa.RecordBatch]) -> pa.Buffer:
    """Return an IPC stream that can be appended to."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, SCHEMA, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
        for batch in batches:
            stream.write_batch(batch)
    return sink.getvalue()[:-_END_OF_STREAM_BYTES]


def _write(descriptor: int, content: pa.Buffer) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
