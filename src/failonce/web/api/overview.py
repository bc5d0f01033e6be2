"""What goes over the whole book: search, figures, the audit log, releases, and who one is."""

from __future__ import annotations

from typing import Annotated

import msgspec

from failonce.model.audit import AuditEntry
from failonce.model.insight import Insights
from failonce.model.page import Page
from failonce.model.search import Hit
from failonce.model.snapshot import ReleaseEvent
from failonce.model.viewer import Role
from failonce.web.api.endpoint import Call, Endpoint
from failonce.web.api.fields import Instant, Limit, Listing, Name, Request


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to search for: all words; "in quotes" as they stand; none with a -minus."""

    q: Annotated[str, msgspec.Meta(max_length=500)]
    after: Annotated[str, msgspec.Meta(max_length=2000)] | None = None
    limit: Limit = 20


class Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Opened when."""

    since: Instant | None = None
    until: Instant | None = None


class Logged(Listing, frozen=True):
    """Which part of the log."""

    incident: Name | None = None


class Announced(Request, frozen=True):
    """A release that goes live now."""

    target: Name
    release: Name


class Myself(msgspec.Struct, frozen=True):
    """Who one is here."""

    name: str
    role: Role
    groups: tuple[str, ...]


def search(call: Call) -> Page[Hit]:
    """Search."""
    wanted: Words = call.query
    return call.book.search.find(call.viewer, wanted.q, after=wanted.after, limit=wanted.limit)


def insights(call: Call) -> Insights:
    """Return the figures."""
    return call.book.insights.read(call.viewer, since=call.query.since, until=call.query.until)


def log(call: Call) -> Page[AuditEntry]:
    """Return the audit log."""
    wanted: Logged = call.query
    return call.book.audit.page(call.viewer, incident_id=wanted.incident, after=wanted.after, limit=wanted.limit)


def announce(call: Call) -> ReleaseEvent:
    """Announce a release."""
    event = ReleaseEvent(call.body.release, call.stamp.at, "announced")
    call.book.releases.announce(call.body.target, event)
    return event


def me(call: Call) -> Myself:
    """Return who asks."""
    return Myself(call.viewer.name, call.viewer.role, tuple(sorted(call.viewer.groups)))


ENDPOINTS = (
    Endpoint("GET", "/search", "Incidents that hold the words, the best first.", Page[Hit], search, query=Words),
    Endpoint("GET", "/insights", "What many incidents say together.", Insights, insights, query=Span),
    Endpoint("GET", "/audit", "Who changed what, newest first. For admins.", Page[AuditEntry], log, query=Logged),
    Endpoint("POST", "/releases", "Announce a release that goes live now.", ReleaseEvent, announce, body=Announced),
    Endpoint("GET", "/me", "Who you are here.", Myself, me),
)
