"""*Incident*: the page, the notes people write on it, and the changes they make."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from failonce.app.pages.incident import incident_page
from failonce.model.dossier import IncidentState, Severity
from failonce.model.errors import UsageError
from failonce.model.incident import EntryKind, TimelineEntry
from failonce.web.answer import LINKS, Ask, back, reads, writes

_LONGEST_NOTE = 2_000
#: What a person may say that happened.
KINDS = (EntryKind.NOTE, EntryKind.ESCALATED, EntryKind.MITIGATED, EntryKind.RECOVERED)


@reads
def show(ask: Ask) -> Response:
    """Show the page."""
    shown = incident_page(ask.desk, ask.viewer, ask.named("id"))
    return ask.page(
        "incident", "Incidents", page=shown, states=IncidentState, severities=Severity, kinds=KINDS, at=ask.at
    )


@writes
def note(ask: Ask) -> Response:
    """Write an entry into the timeline, or correct one."""
    incident_id, text = ask.named("id"), ask.form.get("text", "").strip()[:_LONGEST_NOTE]
    if not text:
        raise UsageError("The note is empty.", hint="Write what happened.")
    entry = TimelineEntry(_instant(ask), ask.at, _kind(ask.form.get("kind", "")), text)
    told = ask.desk.book.timeline
    if ask.form.get("corrects"):
        made = told.correct(incident_id, ask.whole("corrects"), entry, ask.stamp)
    else:
        made = told.add(incident_id, entry, ask.stamp)
    return back(f"{LINKS.to('incidents', incident_id)}#entry-{made.number}", "The note is in the timeline.")


@writes
def change(ask: Ask) -> Response:
    """Change what people say about the incident: only the fields that the form has."""
    incident_id, form = ask.named("id"), ask.form
    changes: dict[str, Any] = {}
    if "state" in form:
        changes["state"] = ask.one_of(IncidentState, "state")
    if "severity" in form:
        changes["severity"] = ask.one_of(Severity, "severity") if form["severity"] else None
    if form.get("title", "").strip():
        changes["title"] = " ".join(form["title"].split())
    for name in ("services", "labels"):
        if name in form:
            changes[name] = tuple(part for told in form[name].split(",") if (part := told.strip()))
    if "private_to" in form:
        changes["private_to"] = form["private_to"].strip() or None
    if "commander" in form:
        before = ask.desk.book.incidents.dossier(ask.viewer, incident_id).roles
        named = {role: form.get(role, "").strip() for role in ("commander", "communications", "scribe")}
        changes["roles"] = {role: who for role, who in {**before, **named}.items() if who}
    ask.desk.book.incidents.change(incident_id, ask.stamp, revision=ask.whole("revision"), **changes)
    return back(LINKS.to("incidents", incident_id), "Saved.")


@writes
def judge(ask: Ask) -> Response:
    """Keep a person's word on whether an earlier incident was the same failure."""
    incident_id, is_same = ask.named("id"), ask.form.get("is_same") == "yes"
    reason = ask.form.get("reason", "").strip()
    ask.desk.book.recurrences.judge(incident_id, ask.form.get("earlier", ""), ask.stamp, is_same=is_same, reason=reason)
    return back(f"{LINKS.to('incidents', incident_id)}#seen-before", "Your word is kept.")


def _instant(ask: Ask) -> datetime:
    """Return when it happened, as the form says in UTC; now when it does not."""
    told = ask.form.get("happened_at", "").strip()
    if not told:
        return ask.at
    try:
        return datetime.fromisoformat(told).replace(tzinfo=UTC)
    except ValueError:
        raise UsageError("That is not a time.", hint="Write it like 2026-09-14 12:03:20, in UTC.") from None


def _kind(told: str) -> EntryKind:
    return EntryKind(told) if told in KINDS else EntryKind.NOTE


ROUTES = (
    Route("/incidents/{id}", show),
    Route("/incidents/{id}", change, methods=["POST"]),
    Route("/incidents/{id}/timeline", note, methods=["POST"]),
    Route("/incidents/{id}/recurrences", judge, methods=["POST"]),
)
