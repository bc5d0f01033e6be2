"""Keep each incident's stretch of the recording for good: it is the evidence, whatever becomes of the rest."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from failonce.model.incident import Incident
from failonce.observe.recording import AFTER_INCIDENT, BEFORE_INCIDENT, cut


class IncidentWindows:
    """The incidents of one recording whose windows are still to be cut."""

    def __init__(self, recording: Path) -> None:
        """Cut from `recording`, into its own folder."""
        self._recording = recording
        self._open: dict[str, tuple[datetime, datetime]] = {}

    def add(self, incident: Incident) -> None:
        """Remember an incident; its window ends some time after it did."""
        ends = incident.recovered_at or incident.timeline[-1].recorded_at
        self._open[incident.id] = (incident.diagnosis.onset_at - BEFORE_INCIDENT, ends + AFTER_INCIDENT)

    def keep_due(self, now: datetime) -> None:
        """Cut the windows that are over."""
        for name in [name for name, (_, to_at) in self._open.items() if now > to_at]:
            self._keep(name)

    def keep_all(self) -> None:
        """Cut what there is of every window: the watch ends."""
        for name in list(self._open):
            self._keep(name)

    def _keep(self, name: str) -> None:
        from_at, to_at = self._open.pop(name)
        cut(self._recording, self._recording / "incidents" / name, from_at=from_at, to_at=to_at)
