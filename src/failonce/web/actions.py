"""*Actions*: the board, overdue first, and the steps an item takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from failonce.app.pages.actions import actions_page
from failonce.model.action import ActionFilter, ActionItem, ActionKind, ActionState, Priority
from failonce.model.errors import UsageError
from failonce.web.answer import LINKS, Ask, back, reads, writes


@reads
def show(ask: Ask) -> Response:
    """Show the board."""
    shown = actions_page(
        ask.desk,
        ask.viewer,
        wanted(ask.query, ask.at.date()),
        today=ask.at.date(),
        after=ask.query.get("after") or None,
    )
    return ask.page("actions", "Actions", page=shown, kinds=ActionKind, states=ActionState, priorities=Priority)


@writes
def add(ask: Ask) -> Response:
    """Add an action item to an incident."""
    incident_id, text = ask.named("id"), " ".join(ask.form.get("text", "").split())
    if not text:
        raise UsageError("The action item says nothing.", hint="Write one thing that a check can find done.")
    taken = {item.id for item in ask.desk.book.actions.of(ask.viewer, incident_id)}
    number = next(n for n in range(1, len(taken) + 2) if f"{incident_id}-A{n}" not in taken)
    kind = ask.one_of(ActionKind, "kind") if ask.form.get("kind") else ActionKind.PREVENT
    item = ActionItem(f"{incident_id}-A{number}", incident_id, text, kind, owner=_owner(ask), due=_due(ask))
    ask.desk.book.actions.add(item, ask.stamp)
    return back(f"{LINKS.to('incidents', incident_id)}#actions", "The action item is added.")


@writes
def change(ask: Ask) -> Response:
    """Change an item: only the fields that the form has."""
    form, changes = ask.form, dict[str, Any]()
    if "owner" in form:
        changes["owner"] = _owner(ask)
    if "due" in form:
        changes["due"] = _due(ask)
    if form.get("priority", "keep") != "keep":
        changes["priority"] = ask.one_of(Priority, "priority") if form["priority"] else None
    if form.get("reason", "").strip():
        changes["reason"] = form["reason"].strip()
    if form.get("state"):
        changes["state"] = ask.one_of(ActionState, "state")
        if changes["state"] is ActionState.VERIFIED:
            changes["vouched_by"] = ask.viewer.name
    revision = ask.whole("revision")
    ask.desk.book.actions.change(ask.named("id"), ask.named("action"), ask.stamp, revision=revision, **changes)
    return back(LINKS.to("actions") if form.get("from") == "board" else _home(ask), "Saved.")


def wanted(query: Mapping[str, str], today: date) -> ActionFilter:
    """Return the filter that a query string asks for: what is open, unless it says otherwise."""
    state, kind = query.get("state", ActionState.OPEN), query.get("kind", "")
    return ActionFilter(
        states=(ActionState(state),) if state in set(ActionState) else (),
        kind=ActionKind(kind) if kind in set(ActionKind) else None,
        owner=query.get("owner") or None,
        overdue_on=today if query.get("overdue") else None,
    )


def _owner(ask: Ask) -> str | None:
    return " ".join(ask.form.get("owner", "").split()) or None


def _due(ask: Ask) -> date | None:
    told = ask.form.get("due", "").strip()
    try:
        return date.fromisoformat(told) if told else None
    except ValueError:
        raise UsageError(f"{told} is not a date.", hint="Write it like 2026-10-01.") from None


def _home(ask: Ask) -> str:
    return f"{LINKS.to('incidents', ask.named('id'))}#actions"


ROUTES = (
    Route("/actions", show),
    Route("/incidents/{id}/actions", add, methods=["POST"]),
    Route("/incidents/{id}/actions/{action}", change, methods=["POST"]),
)
