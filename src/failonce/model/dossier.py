"""An incident as the book keeps it: what was measured of it is the Incident, what people say about it is here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is: SEV1 is the worst."""

    SEV1 = "SEV1"
    SEV2 = "SEV2"
    SEV3 = "SEV3"
    SEV4 = "SEV4"
    SEV5 = "SEV5"


class IncidentState(StrEnum):
    """How far an incident is, first to last."""

    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"
    CLOSED = "closed"

    def is_before(self, other: IncidentState) -> bool:
        """Tell whether this state comes earlier."""
        order = tuple(IncidentState)
        return order.index(self) < order.index(other)


class Origin(StrEnum):
    """Where an incident came from."""

    #: failonce watched it.
    WATCHED = "watched"
    #: A person said so.
    DECLARED = "declared"
    #: A postmortem from elsewhere tells of it.
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Moments:
    """When an incident passed its stations. None: not known, which is never counted as 0."""

    onset_at: datetime | None = None
    detected_at: datetime | None = None
    acknowledged_at: datetime | None = None
    mitigated_at: datetime | None = None
    recovered_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FailureClass:
    """What makes two failures the same failure."""

    #: A cause's ID of the diagnosis, or what a document's words say the cause is.
    cause: str | None = None
    #: The trigger's ID: what set it off.
    trigger: str | None = None
    #: The culprit query's.
    fingerprint: str | None = None
    #: The tables the culprit reads.
    relations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dossier:
    """One incident in the book."""

    id: str
    title: str
    origin: Origin
    #: Its place in lists: when it began, as far as known, else when it was entered.
    opened_at: datetime
    state: IncidentState = IncidentState.TRIGGERED
    #: None: nobody has said yet.
    severity: Severity | None = None
    target: str | None = None
    services: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    #: Who does what in it: `commander`, `communications`, `scribe`, ... -> a person.
    roles: Mapping[str, str] = field(default_factory=dict)
    #: The one group that may see it; None: everybody.
    private_to: str | None = None
    moments: Moments = Moments()
    failure: FailureClass = FailureClass()
    #: Raised by every change; who changes it says which one they saw.
    revision: int = 1

    @property
    def is_dated(self) -> bool:
        """Tell whether the day it began is known."""
        return is_dated(self.origin, self.opened_at, self.moments.onset_at)


def is_dated(origin: Origin, opened_at: datetime, onset_at: datetime | None) -> bool:
    """Tell whether an incident's place in lists is the day it began.

    That of an imported document that tells no day is when it was imported; a day alone is kept as its midnight.
    """
    return origin is not Origin.IMPORTED or onset_at is not None or opened_at.astimezone(UTC).time() == time()


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """Which incidents to list; what is None does not matter."""

    states: tuple[IncidentState, ...] = ()
    severities: tuple[Severity, ...] = ()
    target: str | None = None
    service: str | None = None
    label: str | None = None
    relation: str | None = None
    cause: str | None = None
    origin: Origin | None = None
    #: Opened at this instant or later, and before that one.
    since: datetime | None = None
    until: datetime | None = None
