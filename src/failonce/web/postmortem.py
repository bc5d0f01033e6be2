"""*Postmortem*: the article, its versions, its review and who signed it."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from failonce.app.pages.postmortem import postmortem_page
from failonce.model.errors import NotFound, UsageError
from failonce.model.review import ReviewState
from failonce.web.answer import LINKS, Ask, back, reads, writes

PER_PAGE = 50


@reads
def list_all(ask: Ask) -> Response:
    """Show the list of postmortems."""
    asked = ask.query.get("state", "")
    state = ReviewState(asked) if asked in set(ReviewState) else None
    found = ask.desk.book.postmortems.page(
        ask.viewer, state=state, after=ask.query.get("after") or None, limit=PER_PAGE
    )
    return ask.page("postmortems", "Postmortems", found=found, states=ReviewState)


@reads
def show(ask: Ask) -> Response:
    """Show a postmortem, one version of it when the address names one."""
    told = ask.query.get("version", "")
    if told and not told.isdecimal():
        raise NotFound(f"There is no version {told}.", hint="Versions are counted from 1.")
    shown = postmortem_page(ask.desk, ask.viewer, ask.named("id"), int(told) if told else None)
    return ask.page("postmortem", "Postmortems", page=shown, states=ReviewState)


@writes
def move(ask: Ask) -> Response:
    """Sign, or bring the review to another state, or set the meeting's agenda."""
    incident_id, shelf = ask.named("id"), ask.desk.book.postmortems
    match ask.form.get("do", ""):
        case "sign":
            shelf.sign(incident_id, ask.whole("version"), ask.stamp)
            done = "Signed."
        case "plan":
            shelf.plan(incident_id, ask.form.get("agenda", ""), ask.stamp, revision=ask.whole("revision"))
            done = "The agenda is saved."
        case state if state in set(ReviewState):
            shelf.move(incident_id, ReviewState(state), ask.stamp, revision=ask.whole("revision"))
            done = f"The postmortem is {state}."
        case _:
            raise UsageError("The form does not say what to do.", hint="Open the page again, and send it from there.")
    return back(LINKS.to("incidents", incident_id, "postmortem"), done)


ROUTES = (
    Route("/postmortems", list_all),
    Route("/incidents/{id}/postmortem", show),
    Route("/incidents/{id}/postmortem", move, methods=["POST"]),
)
