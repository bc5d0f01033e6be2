"""A stretch of snapshots, split into a baseline and an incident part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from failonce.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Window:
    """Snapshots in order of time; `onset_at` splits them. The baseline may be empty: nobody watched before."""

    snapshots: tuple[Snapshot, ...]
    onset_at: datetime

    @property
    def baseline(self) -> tuple[Snapshot, ...]:
        """What was seen before the onset."""
        return tuple(s for s in self.snapshots if s.at < self.onset_at)

    @property
    def incident(self) -> tuple[Snapshot, ...]:
        """What was seen from the onset on."""
        return tuple(s for s in self.snapshots if s.at >= self.onset_at)

    @property
    def ends_at(self) -> datetime:
        """The instant of the last snapshot."""
        return self.snapshots[-1].at
