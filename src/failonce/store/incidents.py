"""The incidents of the book: list, read, open and change them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, select, update

from failonce.model.dossier import Dossier, IncidentFilter, IncidentState, Moments
from failonce.model.errors import Conflict, UsageError
from failonce.model.incident import Incident
from failonce.model.insight import Tally
from failonce.model.page import Page
from failonce.model.viewer import Role, Stamp, Viewer
from failonce.store import audit, texts, told
from failonce.store.dossiers import dossier as made
from failonce.store.dossiers import facet_rows, row_of
from failonce.store.measured import document, dossier_of, merged
from failonce.store.memo import Memo
from failonce.store.paging import Order, read_page
from failonce.store.permission import allow, allow_hiding, no_incident, require, visible
from failonce.store.tables import facets, incidents, measurements
from failonce.store.transactions import Transactions
from failonce.store.upsert import put

#: What of a dossier people may change.
CHANGEABLE = frozenset("title state severity services labels roles private_to moments failure target opened_at".split())
_ANY = IncidentFilter()
#: How many values of a kind are offered to filter by.
_OFFERED = 50


@dataclass(frozen=True, slots=True)
class Facets:
    """What incidents can be filtered by, the most frequent first."""

    targets: tuple[Tally, ...]
    services: tuple[Tally, ...]
    labels: tuple[Tally, ...]
    causes: tuple[Tally, ...]


class Incidents:
    """The incidents."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._facets: Memo[Facets] = Memo(transactions)

    def page(
        self, viewer: Viewer, wanted: IncidentFilter = _ANY, *, after: str | None = None, limit: int = 50
    ) -> Page[Dossier]:
        """Return the incidents that a filter lets through, newest first."""
        query = select(incidents).where(visible(viewer), *_conditions(wanted))
        order = Order((incidents.c.opened_at, incidents.c.id), descending=True)
        with self._transactions.reading() as connection:
            return read_page(connection, query, made, order=order, window=(after, limit))

    def newest(self, viewer: Viewer, wanted: IncidentFilter = _ANY, *, limit: int = 50) -> tuple[Dossier, ...]:
        """Return the newest incidents that a filter lets through, without counting the others."""
        query = select(incidents).where(visible(viewer), *_conditions(wanted))
        ordered = query.order_by(incidents.c.opened_at.desc(), incidents.c.id.desc()).limit(limit)
        with self._transactions.reading() as connection:
            return tuple(made(row) for row in connection.execute(ordered))

    def count(self, viewer: Viewer, wanted: IncidentFilter = _ANY) -> int:
        """Return how many incidents a filter lets through."""
        query = select(func.count()).select_from(incidents).where(visible(viewer), *_conditions(wanted))
        with self._transactions.reading() as connection:
            number: int = connection.execute(query).scalar_one()
        return number

    def dossier(self, viewer: Viewer, incident_id: str) -> Dossier:
        """Return one incident. Raises NotFound, also when the viewer may not see it."""
        with self._transactions.reading() as connection:
            return dossier_in(connection, viewer, incident_id)

    def measured(self, viewer: Viewer, incident_id: str) -> Incident | None:
        """Return what failonce measured, with the timeline as it stands; None when it did not watch."""
        query = select(measurements.c.document).where(measurements.c.incident_id == incident_id)
        with self._transactions.reading() as connection:
            require(connection, viewer, incident_id)
            kept = connection.execute(query).scalar()
            if kept is None:
                return None
            entries = told.entries(connection, incident_id)
        timeline = tuple(e.entry for e in entries if e.superseded_by is None)
        return replace(msgspec.convert(kept, Incident), timeline=timeline)

    def facets(self, viewer: Viewer) -> Facets:
        """Return what the incidents can be filtered by."""
        return self._facets.answer((viewer.sees_all, viewer.groups), lambda connection: _facets(connection, viewer))

    def declare(self, dossier: Dossier, stamp: Stamp) -> Dossier:
        """Open an incident that a person tells of. Raises UsageError when its id is taken."""
        allow(stamp.by, Role.EDITOR)
        allow_hiding(stamp.by, dossier.private_to)
        with self._transactions.writing() as connection:
            if connection.execute(select(incidents.c.id).where(incidents.c.id == dossier.id)).first():
                raise UsageError(f"There is an incident {dossier.id} already.", hint="Give it another id.")
            add(connection, replace(dossier, revision=1))
            audit.record(connection, stamp, "incident.declared", of=dossier.id, title=dossier.title)
            texts.gather(connection, dossier.id)
            return dossier_in(connection, Viewer.machine(), dossier.id)

    def change(self, incident_id: str, stamp: Stamp, *, revision: int, **changes: Any) -> Dossier:
        """Change what people say about an incident. Raises Conflict when it is not as `revision` was."""
        allow(stamp.by, Role.EDITOR)
        unknown = changes.keys() - CHANGEABLE
        if unknown:
            raise UsageError(f"An incident has no {', '.join(sorted(unknown))} to change.", hint=_CHANGEABLE_HINT)
        allow_hiding(stamp.by, changes.get("private_to"))
        with self._transactions.writing() as connection:
            before = dossier_in(connection, stamp.by, incident_id)
            wanted = _moved(replace(before, **changes), before, stamp)
            if before.revision != revision:
                raise _conflict(wanted, before)
            after = replace(wanted, revision=revision + 1)
            rewrite(connection, after)
            audit.record(connection, stamp, "incident.changed", of=incident_id, **_said(changes))
            texts.gather(connection, incident_id)
            return after

    def save(self, incident: Incident, stamp: Stamp) -> Dossier:
        """Keep what failonce measured. Its timeline only grows, and what people said stands."""
        allow(stamp.by, Role.EDITOR)
        with self._transactions.writing() as connection:
            row = connection.execute(select(incidents).where(incidents.c.id == incident.id)).first()
            if row is None:
                add(connection, dossier_of(incident))
            is_new = _measure(connection, made(row) if row else None, incident)
            if told.append(connection, incident.id, incident.timeline, stamp) or is_new:
                audit.record(connection, stamp, "incident.saved", of=incident.id, title=incident.title)
                texts.gather(connection, incident.id)
            return dossier_in(connection, Viewer.machine(), incident.id)


def _measure(connection: Connection, kept: Dossier | None, incident: Incident) -> bool:
    """Keep what was measured, within a transaction; return False when it is there as it is."""
    measured, columns = document(incident), measurements.c
    query = select(columns.document).where(columns.incident_id == incident.id)
    before: Any = connection.execute(query).scalar()
    if before == measured:
        return False
    put(connection, measurements, {"incident_id": incident.id, "document": measured})
    if kept is not None:
        rewrite(connection, merged(kept, incident, titled=before["title"] if before else kept.title))
    return True


def dossier_in(connection: Connection, viewer: Viewer, incident_id: str) -> Dossier:
    """Return one incident, within a transaction."""
    row = connection.execute(select(incidents).where(incidents.c.id == incident_id, visible(viewer))).first()
    if row is None:
        raise no_incident(connection, viewer, incident_id)
    return made(row)


def add(connection: Connection, dossier: Dossier) -> None:
    """Insert an incident, within a transaction."""
    connection.execute(insert(incidents).values(row_of(dossier)))
    _index(connection, dossier)


def rewrite(connection: Connection, dossier: Dossier) -> None:
    """Replace an incident's row, within a transaction."""
    connection.execute(update(incidents).where(incidents.c.id == dossier.id).values(row_of(dossier)))
    connection.execute(delete(facets).where(facets.c.incident_id == dossier.id))
    _index(connection, dossier)


def _index(connection: Connection, dossier: Dossier) -> None:
    rows = facet_rows(dossier)
    if rows:
        connection.execute(insert(facets), rows)


def _conditions(wanted: IncidentFilter) -> list[ColumnElement[bool]]:
    at = incidents.c.opened_at
    return [
        *([incidents.c.state.in_(wanted.states)] if wanted.states else []),
        *([incidents.c.severity.in_(wanted.severities)] if wanted.severities else []),
        *([incidents.c.target == wanted.target] if wanted.target is not None else []),
        *([incidents.c.cause == wanted.cause] if wanted.cause is not None else []),
        *([incidents.c.origin == wanted.origin] if wanted.origin is not None else []),
        *([at >= wanted.since] if wanted.since is not None else []),
        *([at < wanted.until] if wanted.until is not None else []),
        *(
            incidents.c.id.in_(select(facets.c.incident_id).where(facets.c.kind == kind, facets.c.value == value))
            for kind, value in (("service", wanted.service), ("label", wanted.label), ("relation", wanted.relation))
            if value is not None
        ),
    ]


def _facets(connection: Connection, viewer: Viewer) -> Facets:
    return Facets(
        targets=_tally(connection, select(incidents.c.target), viewer),
        services=_tally(connection, _facet("service"), viewer),
        labels=_tally(connection, _facet("label"), viewer),
        causes=_tally(connection, select(incidents.c.cause), viewer),
    )


def _facet(kind: str) -> Select[Any]:
    return select(facets.c.value).join(incidents).where(facets.c.kind == kind)


def _tally(connection: Connection, query: Select[Any], viewer: Viewer) -> tuple[Tally, ...]:
    value = query.selected_columns[0]
    grouped = query.add_columns(func.count()).where(value.is_not(None), visible(viewer)).group_by(value)
    rows = connection.execute(grouped.order_by(func.count().desc(), value).limit(_OFFERED))
    return tuple(Tally(*row) for row in rows)


#: The instant that a state is reached at.
_STATIONS = {
    IncidentState.ACKNOWLEDGED: "acknowledged_at",
    IncidentState.MITIGATED: "mitigated_at",
    IncidentState.RESOLVED: "recovered_at",
    IncidentState.CLOSED: "closed_at",
}


def _moved(wanted: Dossier, before: Dossier, stamp: Stamp) -> Dossier:
    """Note when a state was reached, unless that is known better."""
    station = _STATIONS.get(wanted.state)
    if wanted.state is before.state or station is None or getattr(wanted.moments, station) is not None:
        return wanted
    moments: Moments = replace(wanted.moments, **{station: stamp.at})
    return replace(wanted, moments=moments)


_CHANGEABLE_HINT = f"What can be changed: {', '.join(sorted(CHANGEABLE))}"


def _conflict(mine: Dossier, theirs: Dossier) -> Conflict:
    return Conflict(
        f"Somebody changed incident {theirs.id} meanwhile: it is at revision {theirs.revision}.",
        hint="Look at both, then save again on top of the newer one.",
        mine=mine,
        theirs=theirs,
    )


def _said(changes: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = msgspec.to_builtins(changes)
    return said
