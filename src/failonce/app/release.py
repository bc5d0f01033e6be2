"""Announce a release, so that a diagnosis can blame it or clear it."""

from __future__ import annotations

from datetime import UTC, datetime

from failonce.app.settings import Settings
from failonce.model.errors import UsageError
from failonce.model.snapshot import ReleaseEvent
from failonce.store.book import Book


def announce(settings: Settings, version: str, target: str | None) -> ReleaseEvent:
    """Write the release into the book, where the watch reads it within a second."""
    if not version.strip():
        raise UsageError("The release has no name.", hint="failonce release v42")
    event = ReleaseEvent(version.strip(), datetime.now(UTC), "announced")
    with Book.open(settings.store_url) as book:
        book.releases.announce(settings.target(target).name, event)
    return event
