"""Postmortems: their texts, versions and reviews."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from failonce.model.errors import NotFound, UsageError
from failonce.model.page import Page
from failonce.model.review import PostmortemVersion, Review, ReviewState
from failonce.web.api.endpoint import Call, Endpoint
from failonce.web.api.fields import Listing, Markdown, Request, Revision

_MOST_VERSIONS = 2**31 - 1


class Wanted(Listing, frozen=True):
    """Which postmortems."""

    state: ReviewState | None = None


class Written(Request, frozen=True):
    """A version of the document."""

    markdown: Markdown
    #: The version it was written on. When that is not the newest, nothing is saved, and both are shown: 409.
    based_on: Annotated[int, msgspec.Meta(ge=1, le=_MOST_VERSIONS)] | None = None


class Moved(Request, frozen=True):
    """A step of the review, or the meeting's agenda."""

    revision: Revision
    state: ReviewState | UnsetType = UNSET
    agenda: Annotated[str, msgspec.Meta(max_length=100_000)] | UnsetType = UNSET


def listed(call: Call) -> Page[Review]:
    """Return the postmortems that are wanted."""
    wanted: Wanted = call.query
    return call.book.postmortems.page(call.viewer, state=wanted.state, after=wanted.after, limit=wanted.limit)


def review(call: Call) -> Review:
    """Return where it stands."""
    return call.book.postmortems.review(call.viewer, call.path["id"])


def move(call: Call) -> Review:
    """Move the review on, or plan the meeting."""
    told: Moved = call.body
    incident_id, revision = call.path["id"], told.revision
    if (told.state is UNSET) == (told.agenda is UNSET):
        raise UsageError("Either a state or an agenda can be set.", hint="Send one of them.")
    if not isinstance(told.agenda, UnsetType):
        return call.book.postmortems.plan(incident_id, told.agenda, call.stamp, revision=revision)
    assert not isinstance(told.state, UnsetType)
    return call.book.postmortems.move(incident_id, told.state, call.stamp, revision=revision)


def versions(call: Call) -> tuple[PostmortemVersion, ...]:
    """Return all versions, without their texts."""
    return call.book.postmortems.versions(call.viewer, call.path["id"])


def version(call: Call) -> PostmortemVersion:
    """Return one version."""
    return call.book.postmortems.text(call.viewer, call.path["id"], _number(call))


def write(call: Call) -> PostmortemVersion:
    """Add a version."""
    told: Written = call.body
    return call.book.postmortems.write(call.path["id"], told.markdown, call.stamp, based_on=told.based_on)


def sign(call: Call) -> Review:
    """Sign a version."""
    return call.book.postmortems.sign(call.path["id"], _number(call), call.stamp)


def _number(call: Call) -> int:
    told = call.path["version"]
    if not (told.isascii() and told.isdecimal()) or not 0 < int(told[:20]) <= _MOST_VERSIONS:
        raise NotFound(f"There is no version {told}.", hint="Versions are counted from 1.")
    return int(told)


_ONE = "/incidents/{id}/postmortem"

ENDPOINTS = (
    Endpoint("GET", "/postmortems", "The postmortems, last written first.", Page[Review], listed, query=Wanted),
    Endpoint("GET", _ONE, "Where an incident's postmortem stands.", Review, review),
    Endpoint("PATCH", _ONE, "Move the review on, or plan the meeting.", Review, move, body=Moved),
    Endpoint(
        "GET",
        f"{_ONE}/versions",
        "All versions, newest first, without their texts.",
        tuple[PostmortemVersion, ...],
        versions,
    ),
    Endpoint("POST", f"{_ONE}/versions", "Add a version.", PostmortemVersion, write, body=Written),
    Endpoint("GET", f"{_ONE}/versions/{{version}}", "One version.", PostmortemVersion, version),
    Endpoint("POST", f"{_ONE}/versions/{{version}}/signature", "Say that a version is right.", Review, sign),
)
