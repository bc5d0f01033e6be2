"""What the pages are made from: the book, and the recordings that lie on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from failonce.app.openid import SignIn, sign_in
from failonce.app.pages.memory import Memory
from failonce.app.pages.recordings import Recordings
from failonce.app.settings import Settings
from failonce.store.book import Book


@dataclass(frozen=True)
class Desk:
    """An open book, and where the recordings are."""

    book: Book
    recordings: Recordings
    #: The targets that are configured, in order.
    targets: tuple[str, ...] = ()
    #: How people sign in elsewhere, if that is configured.
    openid: SignIn | None = None

    @cached_property
    def memory(self) -> Memory:
        """What was computed of the whole book, while it does not change."""
        return Memory(self.book.version)


@contextmanager
def open_desk(settings: Settings, store: str | None = None) -> Iterator[Desk]:
    """Open the book that is configured, or the one at a path or URL."""
    way = sign_in(settings.openid)
    with Book.open(store or settings.store_url) as book:
        targets = tuple(target.name for target in settings.targets)
        yield Desk(book, Recordings(settings.recording_directory), targets, way)
