"""*Insights* and *Executive*: what many incidents say together."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from failonce.app.pages.insights import PERIODS, executive_page, insights_page
from failonce.web.answer import Ask, reads


@reads
def show(ask: Ask) -> Response:
    """Show the distributions."""
    told = ask.query.get("days", "365")
    days = int(told) if told.isdecimal() and int(told) in PERIODS else 365
    return ask.page("insights", "Insights", page=insights_page(ask.desk, ask.viewer, days, ask.at), periods=PERIODS)


@reads
def executive(ask: Ask) -> Response:
    """Show the one screen."""
    return ask.page("executive", "Executive", page=executive_page(ask.desk, ask.viewer, ask.at))


ROUTES = (Route("/insights", show), Route("/executive", executive))
