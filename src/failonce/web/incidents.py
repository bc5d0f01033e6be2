"""The list of incidents, and the form to declare one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.responses import Response
from starlette.routing import Route

from failonce.app.pages.desk import Desk
from failonce.model.dossier import Dossier, IncidentFilter, IncidentState, Moments, Origin, Severity
from failonce.model.errors import UsageError
from failonce.model.viewer import Viewer
from failonce.web.answer import LINKS, Ask, back, reads, writes

PER_PAGE = 50
_WORD = re.compile(r"[a-z0-9]+")


@reads
def show(ask: Ask) -> Response:
    """Show the list."""
    found = ask.desk.book.incidents.page(
        ask.viewer, wanted(ask.query), after=ask.query.get("after") or None, limit=PER_PAGE
    )
    return ask.page("incidents", "Incidents", found=found, **menus(ask.desk, ask.viewer))


@writes
def declare(ask: Ask) -> Response:
    """Open an incident that a person tells of."""
    title = " ".join(ask.form.get("title", "").split())
    if not title:
        raise UsageError("The incident has no title.", hint="Say in a few words what users meet.")
    words = "-".join(_WORD.findall(title.lower()))[:48].strip("-")
    severity = ask.one_of(Severity, "severity") if ask.form.get("severity") else None
    services = tuple(part for name in ask.form.get("services", "").split(",") if (part := name.strip()))
    opened = Dossier(
        f"{ask.at:%Y-%m-%d-%H%M%S}-{words or 'incident'}",
        title,
        Origin.DECLARED,
        ask.at,
        severity=severity,
        services=services,
        private_to=ask.form.get("private_to", "").strip() or None,
        moments=Moments(detected_at=ask.at),
    )
    ask.desk.book.incidents.declare(opened, ask.stamp)
    return back(LINKS.to("incidents", opened.id), "The incident is open.")


def wanted(query: Mapping[str, str]) -> IncidentFilter:
    """Return the filter that a query string asks for; what it misspells does not matter."""
    state, severity = query.get("state", ""), query.get("severity", "")
    return IncidentFilter(
        states=(IncidentState(state),) if state in set(IncidentState) else (),
        severities=(Severity(severity),) if severity in set(Severity) else (),
        target=query.get("target") or None,
        service=query.get("service") or None,
        cause=query.get("cause") or None,
    )


def menus(desk: Desk, viewer: Viewer) -> dict[str, object]:
    """Return what the list can be filtered by."""
    return {"facets": desk.book.incidents.facets(viewer), "states": IncidentState, "severities": Severity}


ROUTES = (Route("/incidents", show), Route("/incidents", declare, methods=["POST"]))
