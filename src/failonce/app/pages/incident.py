"""*Incident*: what was measured, what people say, and what came of it; live while it runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from markupsafe import Markup

from failonce.app.pages.desk import Desk
from failonce.model.action import ActionItem
from failonce.model.dossier import Dossier, IncidentState
from failonce.model.errors import NotFound
from failonce.model.exhibit import Exhibit
from failonce.model.incident import EntryKind, Incident
from failonce.model.recurrence import Recurrence
from failonce.model.review import Review
from failonce.model.told import ToldEntry
from failonce.model.viewer import Viewer
from failonce.postmortem import parts, view
from failonce.postmortem.exhibit import exhibit
from failonce.postmortem.format import UNSEEN, duration
from failonce.postmortem.view import KeyFigure

#: What the charts of a running incident show before its onset.
_BEFORE = timedelta(minutes=2)
_OVER = (IncidentState.RESOLVED, IncidentState.CLOSED)


@dataclass(frozen=True, slots=True)
class Charts:
    """An incident's charts: drawn, and the description they are drawn from, for whoever reads values off them."""

    drawn: Markup
    #: None when nothing was seen that can be drawn.
    exhibit: Exhibit | None


@dataclass(frozen=True, slots=True)
class Measured:
    """What failonce measured, set."""

    summary: str
    chain: Markup
    charts: Charts
    bars: tuple[Markup, Markup] | None
    ledger: Markup
    remedy: Markup
    #: Where the fix was proved; None when it was not.
    proved_where: str | None
    diagnosed: bool


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """The page."""

    dossier: Dossier
    figures: tuple[KeyFigure, ...]
    measured: Measured | None
    timeline: tuple[ToldEntry, ...]
    #: The timeline's rows: an entry each, or the many leads that failonce ruled out at once.
    rows: tuple[tuple[ToldEntry, ...], ...]
    actions: tuple[ActionItem, ...]
    #: None when it has no postmortem yet.
    review: Review | None
    recurrences: tuple[Recurrence, ...]
    is_running: bool


def incident_page(desk: Desk, viewer: Viewer, incident_id: str) -> IncidentPage:
    """Return an incident. Raises NotFound, also when the viewer may not see it."""
    book = desk.book
    dossier = book.incidents.dossier(viewer, incident_id)
    incident = book.incidents.measured(viewer, incident_id)
    is_running = dossier.state not in _OVER
    if incident and is_running:
        incident = _alive(desk, incident)
    timeline = book.timeline.of(viewer, incident_id)
    return IncidentPage(
        dossier=dossier,
        figures=view.key_figures(incident) if incident else told_figures(dossier),
        measured=_measured(incident) if incident else None,
        timeline=timeline,
        rows=tuple(_rows(timeline)),
        actions=book.actions.of(viewer, incident_id),
        review=_review(desk, viewer, incident_id),
        recurrences=book.recurrences.of(viewer, incident_id, limit=5),
        is_running=is_running,
    )


def _rows(timeline: Sequence[ToldEntry]) -> Iterator[tuple[ToldEntry, ...]]:
    for _, together in groupby(timeline, key=_leads_at):
        same = tuple(together)
        if len(same) >= view.MANY_LEADS and _leads_at(same[0]) is not None:
            yield same
        else:
            yield from ((told,) for told in same)


def _leads_at(told: ToldEntry) -> datetime | None:
    """Return when failonce ruled out the lead of which an entry tells; None for any other entry."""
    is_lead = told.entry.kind is EntryKind.RULED_OUT and told.author == "failonce" and told.superseded_by is None
    return told.entry.happened_at if is_lead else None


def told_figures(dossier: Dossier) -> tuple[KeyFigure, ...]:
    """Return what is known of the times of an incident that nobody measured."""
    times = dossier.moments
    told = (
        ("Time to detect", times.onset_at, times.detected_at, "from the onset"),
        ("Time to acknowledge", times.detected_at, times.acknowledged_at, "from the detection"),
        ("Time to mitigate", times.onset_at, times.mitigated_at, "from the onset"),
        ("Duration", times.onset_at, times.recovered_at, "onset to recovery"),
    )
    return tuple(KeyFigure(label, value, note) for label, a, b, note in told if (value := _between(a, b)) != UNSEEN)


def _between(start: datetime | None, end: datetime | None) -> str:
    return duration((end - start).total_seconds()) if start and end and end >= start else UNSEEN


def _measured(incident: Incident) -> Measured:
    shown, remedy = incident.exhibit, incident.remedy
    return Measured(
        summary=view.summary(incident),
        chain=parts.chain(incident),
        charts=charts_of(incident),
        bars=parts.bars(incident, shown.to_at if shown else None),
        ledger=parts.ledger(incident),
        remedy=parts.remedy(incident),
        proved_where=remedy.proof.where if remedy and remedy.proof else None,
        diagnosed=incident.diagnosis.cause is not None,
    )


def charts_of(incident: Incident) -> Charts:
    """Return the charts as the documents have them."""
    return Charts(parts.charts(incident, incident.exhibit), incident.exhibit)


def _alive(desk: Desk, incident: Incident) -> Incident:
    """Return a running incident with its charts up to now, where its recording is at hand."""
    snapshots = desk.recordings.since(incident.target, incident.diagnosis.onset_at - _BEFORE)
    return replace(incident, exhibit=exhibit(incident, snapshots) or incident.exhibit)


def _review(desk: Desk, viewer: Viewer, incident_id: str) -> Review | None:
    try:
        return desk.book.postmortems.review(viewer, incident_id)
    except NotFound:
        return None
