"""Incident windows: cut out of a recording, so that they stay when the rest is rolled up."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from failonce.model.errors import CannotLook, NotFound
from failonce.observe.recording.layout import DAMAGE, read_header, to_batches, write_header, write_segment
from failonce.observe.recording.reader import read

BEFORE_INCIDENT = timedelta(minutes=10)
AFTER_INCIDENT = timedelta(minutes=30)


def cut(path: Path, out: Path, *, from_at: datetime, to_at: datetime) -> Path:
    """Keep a window for good, as a recording of one segment; cut again with a later end, it is replaced.

    `path / "incidents" / name` is the place inside the recording itself.
    """
    batches = list(to_batches(read(path, from_at=from_at, to_at=to_at)))
    if not batches:
        hint = f"failonce replay {path} tells what is in it"
        raise NotFound(f"{path} holds nothing between {from_at} and {to_at}", hint=hint)
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_header(out, _target(path))
        write_segment(out / "raw", batches)
    except OSError as error:
        hint = f"make room, before the window is rolled up: df -h {out.parent}"
        raise CannotLook(f"the incident cannot be kept in {out}: {error.strerror}", hint=hint) from error
    return out


def _target(path: Path) -> str:
    try:
        return read_header(path).target
    except DAMAGE:
        return "unknown"
