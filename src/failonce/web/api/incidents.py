"""Incidents, their timelines and recurrences."""

from __future__ import annotations

import secrets
from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from failonce.model.dossier import (
    Dossier,
    FailureClass,
    IncidentFilter,
    IncidentState,
    Moments,
    Origin,
    Severity,
)
from failonce.model.errors import NotFound
from failonce.model.incident import EntryKind, Incident, TimelineEntry
from failonce.model.page import Page
from failonce.model.recurrence import Recurrence
from failonce.model.told import ToldEntry
from failonce.web.api.endpoint import Call, Endpoint
from failonce.web.api.fields import Instant, Line, Listing, Name, Names, Request, Revision, Text, said


class Wanted(Listing, frozen=True):
    """Which incidents."""

    state: tuple[IncidentState, ...] = ()
    severity: tuple[Severity, ...] = ()
    target: Name | None = None
    service: Name | None = None
    label: Name | None = None
    relation: Name | None = None
    cause: Name | None = None
    origin: Origin | None = None
    since: Instant | None = None
    until: Instant | None = None


class Declared(Request, frozen=True):
    """An incident that somebody tells of."""

    title: Line
    opened_at: Instant | None = None
    id: Annotated[str, msgspec.Meta(pattern=r"^[\w.-]{1,100}$")] | None = None
    severity: Severity | None = None
    target: Name | None = None
    services: Names = ()
    labels: Names = ()
    private_to: Name | None = None


class Stations(Request, frozen=True):
    """When the incident passed its stations, as far as known."""

    onset_at: Instant | None = None
    detected_at: Instant | None = None
    acknowledged_at: Instant | None = None
    mitigated_at: Instant | None = None
    recovered_at: Instant | None = None
    closed_at: Instant | None = None


class Failure(Request, frozen=True):
    """What makes it the same failure as another."""

    cause: Name | None = None
    trigger: Name | None = None
    fingerprint: Name | None = None
    relations: Names = ()


class Changed(Request, frozen=True):
    """What people say about an incident."""

    revision: Revision
    title: Line | UnsetType = UNSET
    state: IncidentState | UnsetType = UNSET
    severity: Severity | UnsetType | None = UNSET
    target: Name | UnsetType | None = UNSET
    services: Names | UnsetType = UNSET
    labels: Names | UnsetType = UNSET
    roles: dict[Name, Name] | UnsetType = UNSET
    private_to: Name | UnsetType | None = UNSET
    moments: Stations | UnsetType = UNSET
    failure: Failure | UnsetType = UNSET


class Told(Request, frozen=True):
    """One thing that happened."""

    happened_at: Instant
    text: Text
    kind: EntryKind = EntryKind.NOTE
    #: The number of the entry it corrects.
    supersedes: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)] | None = None


class Judged(Request, frozen=True):
    """A person's word on whether it is the same failure."""

    earlier_id: Name
    is_same: bool
    reason: Text


def listed(call: Call) -> Page[Dossier]:
    """Return the incidents that are wanted."""
    wanted: Wanted = call.query
    chosen = IncidentFilter(
        states=wanted.state,
        severities=wanted.severity,
        target=wanted.target,
        service=wanted.service,
        label=wanted.label,
        relation=wanted.relation,
        cause=wanted.cause,
        origin=wanted.origin,
        since=wanted.since,
        until=wanted.until,
    )
    return call.book.incidents.page(call.viewer, chosen, after=wanted.after, limit=wanted.limit)


def declare(call: Call) -> Dossier:
    """Open an incident."""
    told: Declared = call.body
    at = told.opened_at or call.stamp.at
    incident_id = told.id or f"{at:%Y%m%d}-{secrets.token_hex(4)}"
    dossier = Dossier(
        id=incident_id,
        title=told.title,
        origin=Origin.DECLARED,
        opened_at=at,
        severity=told.severity,
        target=told.target,
        services=told.services,
        labels=told.labels,
        private_to=told.private_to,
        moments=Moments(onset_at=told.opened_at, detected_at=call.stamp.at),
    )
    return call.book.incidents.declare(dossier, call.stamp)


def one(call: Call) -> Dossier:
    """Return one incident."""
    return call.book.incidents.dossier(call.viewer, call.path["id"])


def change(call: Call) -> Dossier:
    """Change one incident."""
    changes = said(call.body, "revision")
    if "moments" in changes:
        changes["moments"] = Moments(**msgspec.structs.asdict(changes["moments"]))
    if "failure" in changes:
        changes["failure"] = FailureClass(**msgspec.structs.asdict(changes["failure"]))
    return call.book.incidents.change(call.path["id"], call.stamp, revision=call.body.revision, **changes)


def measured(call: Call) -> Incident:
    """Return what failonce measured."""
    found = call.book.incidents.measured(call.viewer, call.path["id"])
    if found is None:
        raise NotFound(f"failonce did not watch incident {call.path['id']}.", hint="What people say of it is there.")
    return found


def timeline(call: Call) -> tuple[ToldEntry, ...]:
    """Return the timeline."""
    return call.book.timeline.of(call.viewer, call.path["id"])


def tell(call: Call) -> ToldEntry:
    """Tell one thing more, or correct one."""
    told: Told = call.body
    entry = TimelineEntry(told.happened_at, call.stamp.at, told.kind, told.text)
    if told.supersedes is None:
        return call.book.timeline.add(call.path["id"], entry, call.stamp)
    return call.book.timeline.correct(call.path["id"], told.supersedes, entry, call.stamp)


def recurrences(call: Call) -> tuple[Recurrence, ...]:
    """Return the earlier incidents like it."""
    return call.book.recurrences.of(call.viewer, call.path["id"])


def judge(call: Call) -> None:
    """Keep a person's word."""
    told: Judged = call.body
    call.book.recurrences.judge(call.path["id"], told.earlier_id, call.stamp, is_same=told.is_same, reason=told.reason)


ENDPOINTS = (
    Endpoint("GET", "/incidents", "The incidents, newest first.", Page[Dossier], listed, query=Wanted),
    Endpoint("POST", "/incidents", "Open an incident.", Dossier, declare, body=Declared),
    Endpoint("GET", "/incidents/{id}", "One incident.", Dossier, one),
    Endpoint("PATCH", "/incidents/{id}", "Change what people say about an incident.", Dossier, change, body=Changed),
    Endpoint("GET", "/incidents/{id}/measured", "What failonce measured of an incident.", Incident, measured),
    Endpoint("GET", "/incidents/{id}/timeline", "What was told, in order of time.", tuple[ToldEntry, ...], timeline),
    Endpoint("POST", "/incidents/{id}/timeline", "Tell what happened, or correct it.", ToldEntry, tell, body=Told),
    Endpoint("GET", "/incidents/{id}/recurrences", "The same failure before.", tuple[Recurrence, ...], recurrences),
    Endpoint("POST", "/incidents/{id}/recurrences", "Say whether it is the same.", None, judge, body=Judged),
)
