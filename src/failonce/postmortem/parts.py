"""The parts of an incident's page, each by itself: the document and the web's pages are made of the same ones."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from markupsafe import Markup

from failonce.model.exhibit import Exhibit
from failonce.model.incident import Incident
from failonce.postmortem import view
from failonce.postmortem.charts.moments import phases
from failonce.postmortem.charts.timeline import timeline_bar
from failonce.postmortem.measurements import drawn
from failonce.postmortem.templating import environment

_WIDE, _NARROW = 872, 380


def chain(incident: Incident) -> Markup:
    """Return the causal chain and the culprit."""
    return _part("happened", **chain_values(incident))


def charts(incident: Incident, shown: Exhibit | None) -> Markup:
    """Return the charts of an exhibit, and the numbers behind them."""
    return _part("measured", measured=drawn(incident, shown))


def ledger(incident: Incident) -> Markup:
    """Return the ledger of wrong leads, with what stays open and what could not be seen."""
    return _part("ledger", incident=incident, **ledger_values(incident))


def remedy(incident: Incident) -> Markup:
    """Return the fix with its proof."""
    return _part("remedy", remedy=incident.remedy)


def bars(incident: Incident, seen_until: datetime | None) -> tuple[Markup, Markup] | None:
    """Return the bar of phases for a page and for a phone; None when onset and end are one instant."""
    seen = (seen_until, *(entry.happened_at for entry in incident.timeline))
    until = max((at for at in seen if at), default=incident.diagnosis.detected_at)
    told = phases(incident, until)
    if not told:
        return None
    return timeline_bar(told, width=_WIDE, name="wide"), timeline_bar(told, width=_NARROW, name="narrow")


def chain_values(incident: Incident) -> dict[str, Any]:
    """Return what the chain's template asks for."""
    diagnosis = incident.diagnosis
    return {
        "cards": view.cards(diagnosis.chain),
        "culprit": diagnosis.culprit,
        "without": view.without(diagnosis),
    }


def timeline_values(incident: Incident, seen_until: datetime | None) -> dict[str, Any]:
    """Return what the timeline's template asks for."""
    timeline = incident.timeline
    return {"bars": bars(incident, seen_until), "entries": view.entries(timeline), "days": view.days(timeline)}


def ledger_values(incident: Incident) -> dict[str, Any]:
    """Return what the ledger's template asks for."""
    diagnosis = incident.diagnosis
    return {"ruled_out": view.leads(diagnosis.ruled_out), "open_leads": view.leads(diagnosis.open_leads)}


def _part(name: str, **values: Any) -> Markup:
    return Markup(environment().get_template(f"parts/{name}.html.j2").render(**values))
