"""What the command line asks of the book: lists, search, checks. It sees all of it, for it has the store at hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from failonce.app import settings
from failonce.app.operator import operator
from failonce.model.action import ActionFilter, ActionItem
from failonce.model.audit import Verification
from failonce.model.dossier import Dossier, IncidentFilter
from failonce.model.incident import Incident
from failonce.model.page import Page
from failonce.model.recurrence import Recurrence
from failonce.model.search import Hit
from failonce.model.told import ToldEntry
from failonce.store.book import Book as Book


@dataclass(frozen=True, slots=True)
class Whole:
    """All that is known of one incident."""

    dossier: Dossier
    timeline: tuple[ToldEntry, ...]
    actions: tuple[ActionItem, ...]
    recurrences: tuple[Recurrence, ...]
    measured: Incident | None


@contextmanager
def opened(store: str | None, config: Path | None = None) -> Iterator[Book]:
    """Open the store at a path or URL, the configured one when none is given."""
    with Book.open(store or settings.load(config).store_url) as book:
        yield book


def search(store: str | None, words: str, *, limit: int = 20) -> Page[Hit]:
    """Return what a search finds, the best first."""
    with opened(store) as book:
        return book.search.find(operator(), words, limit=limit)


def incidents(store: str | None, wanted: IncidentFilter, *, limit: int = 50) -> Page[Dossier]:
    """Return the newest incidents that a filter lets through."""
    with opened(store) as book:
        return book.incidents.page(operator(), wanted, limit=limit)


def incident(store: str | None, incident_id: str) -> Whole:
    """Return all that is known of one incident."""
    viewer = operator()
    with opened(store) as book:
        return Whole(
            dossier=book.incidents.dossier(viewer, incident_id),
            timeline=book.timeline.of(viewer, incident_id),
            actions=book.actions.of(viewer, incident_id),
            recurrences=book.recurrences.of(viewer, incident_id, limit=5),
            measured=book.incidents.measured(viewer, incident_id),
        )


def actions(store: str | None, wanted: ActionFilter, *, limit: int = 50) -> Page[ActionItem]:
    """Return the action items that a filter lets through, by due date."""
    with opened(store) as book:
        return book.actions.page(operator(), wanted, limit=limit)


def verify(store: str | None, anchor: str | None) -> Verification:
    """Check every hash of the book."""
    with opened(store) as book:
        return book.verify(anchor)
