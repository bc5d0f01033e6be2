"""The moments of an incident that every chart marks, and the phases between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from failonce.model.incident import Incident

# What the time after a moment was spent on.
_PHASES = {"onset": "unnoticed", "detected": "diagnosing", "diagnosed": "fixing", "fix": "recovering"}


@dataclass(frozen=True, slots=True)
class Moment:
    """One marked instant. Its ID is also its CSS class."""

    id: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Phase:
    """What went on between two moments; `open` when its end was not seen."""

    id: str
    name: str
    from_at: datetime
    to_at: datetime
    open: bool = False

    @property
    def seconds(self) -> float:
        return (self.to_at - self.from_at).total_seconds()


def moments(incident: Incident) -> tuple[Moment, ...]:
    """Return what is known of onset, detection, diagnosis, fix and recovery, in order of time."""
    diagnosis = incident.diagnosis
    told = (
        ("onset", "Onset", diagnosis.onset_at),
        ("detected", "Detected", diagnosis.detected_at),
        ("diagnosed", "Diagnosed", diagnosis.diagnosed_at),
        ("fix", "Fix in place", incident.mitigated_at),
        ("recovered", "Recovered", incident.recovered_at),
    )
    return tuple(sorted((Moment(id, name, at) for id, name, at in told if at), key=lambda m: m.at))


def phases(incident: Incident, seen_until: datetime) -> tuple[Phase, ...]:
    """Return the phases from onset to recovery, or to where nobody looked any more."""
    marks = moments(incident)
    found = [_phase(incident, before, after.at) for before, after in pairwise(marks) if after.at > before.at]
    last = marks[-1]
    if incident.recovered_at is None and seen_until > last.at:
        found.append(_phase(incident, last, seen_until, still_open=True))
    return tuple(found)


def _phase(incident: Incident, after: Moment, to_at: datetime, *, still_open: bool = False) -> Phase:
    name = _PHASES.get(after.id, "recovering")
    if after.id == "detected" and incident.diagnosis.diagnosed_at is None:
        name = "not diagnosed"
    if after.id == "diagnosed" and incident.mitigated_at is None:
        name = "without a fix"
    if after.id == "fix" and still_open:
        name = "recovery not seen"
    return Phase(after.id, name, after.at, to_at, still_open)
