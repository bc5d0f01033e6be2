"""Put many new incidents into the book at once: one transaction and a few statements for hundreds of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import Connection, insert

from failonce.model.document import ImportedDocument
from failonce.model.parcel import Parcel
from failonce.model.review import PostmortemVersion, ReviewState
from failonce.model.viewer import Role, Stamp
from failonce.store import actions, audit, chain, postmortems, told
from failonce.store import texts as searched
from failonce.store.dossiers import facet_rows, row_of, shallow
from failonce.store.measured import document
from failonce.store.permission import allow
from failonce.store.tables import (
    action_items,
    documents,
    facets,
    incidents,
    measurements,
    postmortem_versions,
    texts,
    timeline_entries,
)
from failonce.store.tables import postmortems as reviews
from failonce.store.transactions import Transactions

_AT_ONCE = 500


def put_all(transactions: Transactions, parcels: Iterable[Parcel], stamp: Stamp) -> int:
    """Add incidents that the book does not have yet; return how many."""
    allow(stamp.by, Role.EDITOR)
    remaining, added = iter(parcels), 0
    while chunk := list(islice(remaining, _AT_ONCE)):
        with transactions.writing() as connection:
            put_new(connection, chunk, stamp)
        added += len(chunk)
    return added


def put_new(connection: Connection, parcels: Sequence[Parcel], stamp: Stamp) -> None:
    """Add new incidents, within a transaction."""
    timelines = {p.dossier.id: told.chained(p.dossier.id, p.entries, author=stamp.by.name) for p in parcels}
    written = [v for p in parcels if (v := _version(p, stamp)) is not None]
    rows = {
        incidents: [row_of(replace(p.dossier, revision=1)) for p in parcels],
        facets: [row for p in parcels for row in facet_rows(p.dossier)],
        measurements: [{"incident_id": p.dossier.id, "document": document(p.measured)} for p in parcels if p.measured],
        timeline_entries: [row for timeline in timelines.values() for row in timeline],
        reviews: [_review(version) for version in written],
        postmortem_versions: [postmortems.version_row(version) for version in written],
        action_items: [actions.new_row_of(action, stamp) for p in parcels for action in p.actions],
        documents: [document_row(p.document, p.dossier.id, 1) for p in parcels if p.document],
        texts: [_text(p) for p in parcels],
    }
    for table, values in rows.items():
        if values:
            connection.execute(insert(table), values)
    changes = [change for p in parcels for change in _changes(p, timelines[p.dossier.id])]
    audit.record_all(connection, stamp, changes)


def document_row(imported: ImportedDocument, incident_id: str, version: int) -> dict[str, Any]:
    """Return the row of a document from elsewhere; its text is a version of the postmortem."""
    plain = {name: value for name, value in shallow(imported).items() if name not in ("text", "incident_id")}
    return {**plain, "facts": msgspec.to_builtins(imported.facts), "incident_id": incident_id, "version": version}


def _version(parcel: Parcel, stamp: Stamp) -> PostmortemVersion | None:
    if parcel.markdown is None:
        return None
    return PostmortemVersion(parcel.dossier.id, 1, stamp.at, stamp.by.name, parcel.markdown)


def _review(version: PostmortemVersion) -> dict[str, Any]:
    return {
        "incident_id": version.incident_id,
        "title": postmortems.title_of(version.markdown),
        "state": ReviewState.DRAFT,
        "version": version.version,
        "updated_at": version.written_at,
        "agenda": "",
        "revision": 1,
    }


def _text(parcel: Parcel) -> dict[str, str]:
    return {
        "incident_id": parcel.dossier.id,
        "title": searched.headline(parcel.dossier),
        "timeline": searched.cut("\n".join(entry.text for entry in parcel.entries)),
        "postmortem": searched.cut(parcel.markdown or ""),
        "actions": searched.cut("\n".join(action.text for action in parcel.actions)),
    }


def _changes(parcel: Parcel, timeline: Sequence[dict[str, Any]]) -> Iterator[audit.Change]:
    incident_id = parcel.dossier.id
    yield "incident.added", incident_id, {"title": parcel.dossier.title}
    yield from told.changes(timeline)
    if parcel.markdown is not None:
        yield "postmortem.written", incident_id, {"version": 1, "hash": chain.digest(parcel.markdown)}
    for action in parcel.actions:
        yield "action.added", incident_id, {"id": action.id, "text": action.text}
