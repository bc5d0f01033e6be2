"""The recording: every Snapshot of one target, frozen on disk, so that a verdict can be reached again years later.

    recording.json           format version and target
    live.arrows              the last minutes: an Arrow IPC stream, one record batch per Snapshot, each in one write
    raw/  10s/  60s/         sealed segments: Parquet, named for the instant of their first Snapshot
    incidents/<name>/        windows cut out for good, recordings themselves

One process writes, any number read meanwhile. It never holds anything that was not in a Snapshot.
"""

from failonce.observe.recording.incident import AFTER_INCIDENT, BEFORE_INCIDENT, cut
from failonce.observe.recording.reader import read
from failonce.observe.recording.retention import Retention
from failonce.observe.recording.rollup import roll_up
from failonce.observe.recording.writer import Recording

__all__ = ["AFTER_INCIDENT", "BEFORE_INCIDENT", "Recording", "Retention", "cut", "read", "roll_up"]
