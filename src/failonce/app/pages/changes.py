"""When a live page has to be set again: a mark that is another one whenever what the page shows may be another."""

from __future__ import annotations

from datetime import datetime

from failonce.app.pages.desk import Desk
from failonce.model.viewer import Viewer

#: Whether a target is still watched changes by time alone, which *Now* says at least this often.
_TURN_S = 30


def mark_of_now(desk: Desk, viewer: Viewer, now: datetime) -> str:
    """Return the mark of *Now*: the book as far as the viewer may see it, and every recording."""
    turn = int(now.timestamp()) // _TURN_S
    return f"{desk.book.audit.mark(viewer)} {desk.recordings.mark()} {turn}"


def mark_of_incident(desk: Desk, viewer: Viewer, incident_id: str) -> str:
    """Return the mark of an incident's page. Raises NotFound, also when the viewer may not see it any more."""
    target = desk.book.incidents.dossier(viewer, incident_id).target
    recorded = desk.recordings.mark(target) if target else ""
    return f"{desk.book.audit.mark(viewer, incident_id)} {recorded}"
