"""Back up the book to one file, and restore it: from and into either database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from failonce.app import settings
from failonce.model.audit import Verification
from failonce.store.book import Book


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied, checked."""

    path: Path
    #: Rows by table.
    rows: dict[str, int]
    verification: Verification


def back_up(path: Path, store: str | None = None, config: Path | None = None) -> Copied:
    """Write the book to a file."""
    with Book.open(store or settings.load(config).store_url) as book:
        return Copied(path, book.back_up(path).rows, book.verify())


def restore(path: Path, store: str | None = None, config: Path | None = None) -> Copied:
    """Fill an empty book from a file, and check every hash of it."""
    with Book.open(store or settings.load(config).store_url) as book:
        return Copied(path, book.restore(path).rows, book.verify())
