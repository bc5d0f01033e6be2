"""Edit a postmortem, with the lint's findings beside the text as you type. Two people editing at once lose nothing."""

from __future__ import annotations

from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from failonce.app.pages.postmortem import draft_page, findings
from failonce.model.errors import Conflict, NotAllowed, UsageError
from failonce.model.review import PostmortemVersion
from failonce.model.viewer import Role
from failonce.web import session, setting
from failonce.web.answer import LINKS, Ask, back, reads, writes

_LONGEST = 400_000


@reads
def show(ask: Ask) -> Response:
    """Show the text to be edited."""
    _allow(ask)
    shown = draft_page(ask.desk, ask.viewer, ask.named("id"))
    return ask.page("edit", "Postmortems", page=shown, text=shown.markdown, findings=shown.findings, theirs=None)


@writes
def save(ask: Ask) -> Response:
    """Keep the text as a new version; when somebody was faster, show both."""
    incident_id, text = ask.named("id"), ask.form.get("text", "").replace("\r\n", "\n")
    if not text.strip() or len(text) > _LONGEST:
        raise UsageError("The text is empty or far too long.", hint="Go back: your browser still has it.")
    based_on = ask.whole("version") if ask.form.get("version") else None
    try:
        ask.desk.book.postmortems.write(incident_id, text, ask.stamp, based_on=based_on)
    except Conflict as conflict:
        theirs = conflict.theirs
        if not isinstance(theirs, PostmortemVersion):
            raise
        shown = draft_page(ask.desk, ask.viewer, incident_id)
        answer = ask.page("edit", "Postmortems", page=shown, text=text, findings=findings(text), theirs=theirs)
        answer.status_code = 409
        return answer
    return back(LINKS.to("incidents", incident_id, "postmortem"), "Saved as a new version.")


@writes
def lint(ask: Ask) -> Response:
    """Return the findings in a text, as the part of the page that stands beside it."""
    frame = setting.Frame(ask.viewer, LINKS, csrf=session.csrf(ask.request))
    found = findings(ask.form.get("text", "")[:_LONGEST].replace("\r\n", "\n"))
    return HTMLResponse(setting.page("findings", frame, findings=found))


def _allow(ask: Ask) -> None:
    if not ask.viewer.role.covers(Role.EDITOR):
        raise NotAllowed("You may read postmortems, not write them.", hint="Ask an admin to make you an editor.")


ROUTES = (
    Route("/incidents/{id}/postmortem/edit", show),
    Route("/incidents/{id}/postmortem/edit", save, methods=["POST"]),
    Route("/incidents/{id}/postmortem/lint", lint, methods=["POST"]),
)
