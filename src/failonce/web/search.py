"""*Search*: everything that was ever written down, the best match first."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from failonce.model.page import Page
from failonce.web.answer import Ask, reads


@reads
def show(ask: Ask) -> Response:
    """Show what is found."""
    words = ask.query.get("q", "").strip()[:300]
    found = (
        ask.desk.book.search.find(ask.viewer, words, after=ask.query.get("after") or None)
        if words
        else Page((), None, 0)
    )
    return ask.page("search", None, words=words, found=found)


ROUTES = (Route("/search", show),)
