"""Replay a recording: the same investigation over the same snapshots, with no database at hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from failonce.app.events import Event
from failonce.app.investigation import Investigation
from failonce.model.diagnosis import Diagnosis
from failonce.observe.recording import read


def replay(recording: Path) -> Iterator[Event]:
    """Yield what the investigation tells, snapshot by snapshot. Raises RecordingDamaged when nothing can be read."""
    investigation = Investigation()
    for snapshot in read(recording):
        yield from investigation.step(snapshot)


def diagnoses(recording: Path) -> tuple[Diagnosis, ...]:
    """Return the diagnosis of each incident in the recording, the final word on each."""
    investigation = Investigation()
    found: dict[object, Diagnosis] = {}
    for snapshot in read(recording):
        investigation.step(snapshot)
        if investigation.diagnosis is not None:
            found[investigation.diagnosis.detected_at] = investigation.diagnosis
    return tuple(found.values())
