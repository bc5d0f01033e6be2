"""What is searched of an incident: gathered anew whenever one of its parts changes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from failonce.model.dossier import Dossier
from failonce.store.dossiers import dossier
from failonce.store.tables import action_items, incidents, postmortem_versions, texts, timeline_entries
from failonce.store.upsert import put_by

#: More than any postmortem that people read; PostgreSQL's index takes no more than a megabyte.
_LONGEST = 200_000


def gather(connection: Connection, incident_id: str) -> None:
    """Bring the searched text of one incident up to date."""
    row = connection.execute(select(incidents).where(incidents.c.id == incident_id)).one()
    put_by(
        connection,
        texts,
        {
            "incident_id": incident_id,
            "title": headline(dossier(row)),
            "timeline": _lines(connection, timeline_entries, timeline_entries.c.number, incident_id),
            "postmortem": _postmortem(connection, incident_id),
            "actions": _lines(connection, action_items, action_items.c.id, incident_id),
        },
        key=texts.c.incident_id,
    )


def headline(kept: Dossier) -> str:
    """Return the words an incident is found by, its title first."""
    failure = kept.failure
    named = (failure.cause, failure.trigger, kept.target, failure.fingerprint, kept.id)
    told = (kept.title, *kept.services, *failure.relations, *kept.labels, *named)
    return " · ".join(filter(None, told))


def cut(text: str) -> str:
    """Return as much of a text as is searched."""
    return text[:_LONGEST]


def _postmortem(connection: Connection, incident_id: str) -> str:
    versions = postmortem_versions.c
    newest = select(versions.markdown).where(versions.incident_id == incident_id).order_by(versions.version.desc())
    return cut(connection.execute(newest.limit(1)).scalar() or "")


def _lines(connection: Connection, table: Any, order: Any, incident_id: str) -> str:
    rows = connection.execute(select(table.c.text).where(table.c.incident_id == incident_id).order_by(order))
    return cut("\n".join(rows.scalars()))
