"""*Guard*: a guard's proofs, and what rests on it."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from failonce.app.pages.guard import guard_page
from failonce.web.answer import Ask, reads


@reads
def show(ask: Ask) -> Response:
    """Show the page."""
    shown = guard_page(ask.desk, ask.viewer, ask.named("name"), after=ask.query.get("after") or None)
    return ask.page("guard", "Actions", page=shown)


ROUTES = (Route("/guards/{name}", show),)
