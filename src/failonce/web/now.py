"""*Now*: what runs, how each target is, what waits for somebody."""

from starlette.responses import Response
from starlette.routing import Route

from failonce.app.pages.now import now
from failonce.web.answer import Ask, reads


@reads
def show(ask: Ask) -> Response:
    """Show the page."""
    return ask.page("now", "Now", now=now(ask.desk, ask.viewer, ask.at))


ROUTES = (Route("/", show),)
