"""Action items."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from failonce.model.action import ActionFilter, ActionItem, ActionKind, ActionState, Priority, Proof
from failonce.model.insight import Tally
from failonce.model.page import Page
from failonce.web.api.endpoint import Call, Endpoint
from failonce.web.api.fields import Instant, Listing, Name, Request, Revision, Text, said


class Wanted(Listing, frozen=True):
    """Which action items."""

    state: tuple[ActionState, ...] = ()
    kind: ActionKind | None = None
    priority: Priority | None = None
    owner: Name | None = None
    incident: Name | None = None
    guard: Name | None = None
    #: Only those that should have been done by now.
    overdue: bool = False


class Added(Request, frozen=True):
    """A task."""

    text: Text
    kind: ActionKind
    id: Annotated[str, msgspec.Meta(pattern=r"^[\w.-]{1,120}$")] | None = None
    owner: Name | None = None
    due: date | None = None
    priority: Priority | None = None


class Changed(Request, frozen=True):
    """What became of a task."""

    revision: Revision
    text: Text | UnsetType = UNSET
    kind: ActionKind | UnsetType = UNSET
    state: ActionState | UnsetType = UNSET
    owner: Name | UnsetType | None = UNSET
    due: date | UnsetType | None = UNSET
    priority: Priority | UnsetType | None = UNSET
    #: Declined and expired take one.
    reason: Text | UnsetType | None = UNSET
    guard: Name | UnsetType | None = UNSET
    #: Who vouches for it, when it is verified without a proof.
    vouched_by: Name | UnsetType | None = UNSET


class Proved(Request, frozen=True):
    """A guard's run: red on the failure as recorded, green on the fix."""

    guard: Name
    red: Text
    green: Text
    proved_at: Instant | None = None


class Standing(msgspec.Struct, frozen=True):
    """How all of them stand."""

    overdue: int
    by_state: tuple[Tally, ...]
    #: Of the open ones; an empty value where nobody owns them.
    by_owner: tuple[Tally, ...]


def listed(call: Call) -> Page[ActionItem]:
    """Return the action items that are wanted."""
    wanted: Wanted = call.query
    chosen = ActionFilter(
        states=wanted.state,
        kind=wanted.kind,
        priority=wanted.priority,
        owner=wanted.owner,
        incident_id=wanted.incident,
        guard=wanted.guard,
        overdue_on=call.stamp.at.date() if wanted.overdue else None,
    )
    return call.book.actions.page(call.viewer, chosen, after=wanted.after, limit=wanted.limit)


def board(call: Call) -> Standing:
    """Count them."""
    found = call.book.actions.tally(call.viewer, call.stamp.at.date())
    return Standing(found.overdue, found.by_state, found.by_owner)


def of_incident(call: Call) -> tuple[ActionItem, ...]:
    """Return an incident's action items."""
    return call.book.actions.of(call.viewer, call.path["id"])


def add(call: Call) -> ActionItem:
    """Add one."""
    told: Added = call.body
    incident_id = call.path["id"]
    item = ActionItem(
        id=told.id or f"{incident_id}-{secrets.token_hex(3)}",
        incident_id=incident_id,
        text=told.text,
        kind=told.kind,
        owner=told.owner,
        due=told.due,
        priority=told.priority,
    )
    return call.book.actions.add(item, call.stamp)


def one(call: Call) -> ActionItem:
    """Return one."""
    return call.book.actions.item(call.viewer, call.path["id"], call.path["action"])


def change(call: Call) -> ActionItem:
    """Change one."""
    path, told = call.path, call.body
    changes = said(told, "revision")
    return call.book.actions.change(path["id"], path["action"], call.stamp, revision=told.revision, **changes)


def prove(call: Call) -> ActionItem:
    """Keep a proof."""
    told: Proved = call.body
    proof = Proof(told.guard, told.proved_at or call.stamp.at, told.red, told.green)
    return call.book.actions.prove(call.path["id"], call.path["action"], proof, call.stamp)


_ONE = "/incidents/{id}/actions/{action}"

ENDPOINTS = (
    Endpoint("GET", "/actions", "The action items, by due date.", Page[ActionItem], listed, query=Wanted),
    Endpoint("GET", "/actions/board", "How many there are of each kind.", Standing, board),
    Endpoint("GET", "/incidents/{id}/actions", "An incident's.", tuple[ActionItem, ...], of_incident),
    Endpoint("POST", "/incidents/{id}/actions", "Add one.", ActionItem, add, body=Added),
    Endpoint("GET", _ONE, "One action item.", ActionItem, one),
    Endpoint("PATCH", _ONE, "Change one.", ActionItem, change, body=Changed),
    Endpoint("POST", f"{_ONE}/proofs", "Keep a proof: it verifies the action item.", ActionItem, prove, body=Proved),
)
