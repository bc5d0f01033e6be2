"""Documents from elsewhere: each becomes an incident with its postmortem, and is brought up to date when it changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from failonce.model.action import ActionItem
from failonce.model.document import ImportedDocument
from failonce.model.errors import Conflict
from failonce.model.parcel import Parcel
from failonce.model.review import PostmortemVersion
from failonce.model.viewer import Role, Stamp, Viewer
from failonce.store import actions, audit, postmortems, texts
from failonce.store.bulk import document_row, put_new
from failonce.store.incidents import dossier_in, rewrite
from failonce.store.permission import allow, visible
from failonce.store.tables import action_items, documents, incidents, postmortem_versions
from failonce.store.tables import postmortems as reviews
from failonce.store.transactions import Transactions


class Documents:
    """The documents from elsewhere."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def save(self, parcel: Parcel, stamp: Stamp) -> bool:
        """Keep an incident told by a document; return False, and change nothing, when it is there as it is.

        Raises Conflict when somebody wrote on the postmortem here since it was imported.
        """
        allow(stamp.by, Role.EDITOR)
        assert parcel.document is not None, "an imported incident has a document"
        document = parcel.document
        with self._transactions.writing() as connection:
            kept = connection.execute(select(documents).where(documents.c.path == document.path)).first()
            if kept is None:
                put_new(connection, [parcel], stamp)
                return True
            if kept.content_hash == document.content_hash:
                return False
            _bring_up_to_date(connection, kept, parcel, stamp)
            return True

    def all(self, viewer: Viewer) -> tuple[ImportedDocument, ...]:
        """Return the documents, in order of path."""
        kept, versions = documents.c, postmortem_versions.c
        query = (
            select(kept.path, kept.title, versions.markdown, kept.facts, kept.imported_at, kept.content_hash)
            .join(incidents, incidents.c.id == kept.incident_id)
            .join(
                postmortem_versions,
                (versions.incident_id == kept.incident_id) & (versions.version == kept.version),
            )
            .where(visible(viewer))
            .order_by(kept.path)
        )
        with self._transactions.reading() as connection:
            return tuple(ImportedDocument(*row) for row in connection.execute(query))


def _bring_up_to_date(connection: Connection, kept: Row[Any], parcel: Parcel, stamp: Stamp) -> None:
    incident_id = kept.incident_id
    newest: int = connection.execute(select(reviews.c.version).where(reviews.c.incident_id == incident_id)).scalar_one()
    if newest != kept.version:
        raise Conflict(
            f"The postmortem of {incident_id} was written on here since it was imported.",
            hint=f"Bring both together there; version {kept.version} is what was imported.",
            mine=parcel.markdown,
            theirs=newest,
        )
    before = dossier_in(connection, Viewer.machine(), incident_id)
    told = parcel.dossier
    after = replace(before, title=told.title, services=told.services, moments=told.moments, failure=told.failure)
    rewrite(connection, replace(after, opened_at=told.opened_at, revision=before.revision + 1))
    version = PostmortemVersion(incident_id, newest + 1, stamp.at, stamp.by.name, parcel.markdown or "")
    postmortems.add(connection, version, stamp)
    _add_actions(connection, incident_id, parcel.actions, stamp)
    row = document_row(parcel.document, incident_id, version.version) if parcel.document else {}
    connection.execute(update(documents).where(documents.c.path == kept.path).values(row))
    audit.record(connection, stamp, "incident.imported", of=incident_id, title=told.title)
    texts.gather(connection, incident_id)


def _add_actions(connection: Connection, incident_id: str, told: Sequence[ActionItem], stamp: Stamp) -> None:
    """Add the tasks that are new; those that are there have a life of their own here."""
    query = select(action_items.c.text).where(action_items.c.incident_id == incident_id)
    known = set(connection.execute(query).scalars())
    new = [item for item in told if item.text not in known]
    for number, item in enumerate(new, start=len(known) + 1):
        added = replace(item, incident_id=incident_id, id=f"{incident_id}-A{number}")
        connection.execute(insert(action_items).values(actions.new_row_of(added, stamp)))
        audit.record(connection, stamp, "action.added", of=incident_id, id=added.id, text=added.text)
