"""Keep a demo's incident in the book, so that `failonce web` shows it; never in a book that somebody has configured."""

from __future__ import annotations

from datetime import UTC, datetime

from failonce.app import settings
from failonce.model.incident import Incident
from failonce.model.viewer import Stamp, Viewer
from failonce.postmortem.actions import action_items
from failonce.postmortem.draft import draft
from failonce.store.book import Book

LABEL = "demo"


def keep_demo(incident: Incident) -> bool:
    """Keep the incident and what belongs to it, labelled; return False when the book is somebody's own."""
    found = settings.load()
    if found.path is not None:
        return False
    stamp, actions = Stamp(Viewer.machine(), datetime.now(UTC)), action_items(incident)
    with Book.open(found.store_url) as book:
        dossier = book.incidents.save(incident, stamp)
        book.actions.save(actions, stamp)
        book.postmortems.redraft(incident.id, draft(incident, actions), stamp)
        book.incidents.change(incident.id, stamp, revision=dossier.revision, labels=(LABEL,))
    return True
