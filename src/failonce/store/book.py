"""The book of incidents: what happened, its postmortems, its action items and the releases around it.

One file per machine by default, or a PostgreSQL that several share. Nothing that was told is ever taken back: timelines
only grow, postmortems get versions, and the audit log knows who changed what. Several processes may write at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Engine

from failonce.model.audit import Verification
from failonce.model.parcel import Parcel
from failonce.model.viewer import Stamp
from failonce.store import archive, audit, bulk
from failonce.store.accounts import Accounts
from failonce.store.actions import Actions
from failonce.store.archive import Manifest
from failonce.store.audit import Audit
from failonce.store.database import connect
from failonce.store.documents import Documents
from failonce.store.incidents import Incidents
from failonce.store.insights import InsightsShelf
from failonce.store.postmortems import Postmortems
from failonce.store.recurrences import Recurrences
from failonce.store.releases import Releases
from failonce.store.search import Search
from failonce.store.sessions import Sessions
from failonce.store.timeline import Timeline
from failonce.store.tokens import Tokens
from failonce.store.transactions import Transactions
from failonce.store.verify import verify


class Book:
    """The store, open: one shelf for each kind of thing. Use it as a context manager."""

    def __init__(self, engine: Engine) -> None:
        self._transactions = transactions = Transactions(engine)
        self.incidents = Incidents(transactions)
        self.timeline = Timeline(transactions)
        self.postmortems = Postmortems(transactions)
        self.actions = Actions(transactions)
        self.documents = Documents(transactions)
        self.releases = Releases(transactions)
        self.recurrences = Recurrences(transactions)
        self.insights = InsightsShelf(transactions)
        self.search = Search(transactions)
        self.audit = Audit(transactions)
        self.accounts = Accounts(transactions)
        self.sessions = Sessions(transactions)
        self.tokens = Tokens(transactions)

    @classmethod
    def open(cls, url_or_path: str | Path) -> Self:
        """Open the store at a file's path or a URL; create it when it is new, migrate it when it is older."""
        return cls(connect(url_or_path))

    def close(self) -> None:
        self._transactions.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def put_all(self, parcels: Iterable[Parcel], stamp: Stamp) -> int:
        """Add many incidents that are not there yet, quickly; return how many."""
        return bulk.put_all(self._transactions, parcels, stamp)

    def verify(self, anchor: str | None = None) -> Verification:
        """Check every hash of the book; and against what `verify` said earlier, that the log was not rewritten."""
        with self._transactions.reading() as connection:
            return verify(connection, anchor)

    def back_up(self, path: Path) -> Manifest:
        """Write the whole book to a file, as it is at one instant. Others go on writing meanwhile."""
        with self._transactions.reading() as connection:
            return archive.write(connection, path)

    def restore(self, path: Path) -> Manifest:
        """Fill this book, which must be empty, from a file that `back_up` wrote; all of it or nothing."""
        with self._transactions.writing() as connection:
            return archive.read(connection, path)

    def version(self) -> str:
        """Return what changes with every change of the book: for caches."""
        with self._transactions.reading() as connection:
            return "{}-{:.16}".format(*audit.head(connection))
