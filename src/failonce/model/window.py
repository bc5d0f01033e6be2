"""A stretch of snapshots, split into a baseline and an incident part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from failonce.model.catalog import Catalog
from failonce.model.snapshot import ReleaseEvent, Snapshot


@dataclass(frozen=True, slots=True)
class Window:
    """Snapshots in order of time; `onset_at` splits them. The baseline may be empty: nobody watched before.

    What a recording tells only once or only on change is carried along, whenever it was told.
    """

    snapshots: tuple[Snapshot, ...]
    onset_at: datetime
    #: Normalised texts by fingerprint.
    queries: Mapping[str, str] = field(default_factory=dict)
    #: Each catalog with the instant it was read, oldest first.
    catalogs: tuple[tuple[datetime, Catalog], ...] = ()
    #: Releases in the order in which they became known.
    releases: tuple[ReleaseEvent, ...] = ()

    @property
    def baseline(self) -> tuple[Snapshot, ...]:
        """What was seen before the onset."""
        return tuple(s for s in self.snapshots if s.at < self.onset_at)

    @property
    def incident(self) -> tuple[Snapshot, ...]:
        """What was seen from the onset on."""
        return tuple(s for s in self.snapshots if s.at >= self.onset_at)

    @property
    def starts_at(self) -> datetime:
        """The instant of the first snapshot."""
        return self.snapshots[0].at

    @property
    def ends_at(self) -> datetime:
        """The instant of the last snapshot."""
        return self.snapshots[-1].at
