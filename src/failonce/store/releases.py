"""The releases of the targets' applications, as they became known."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select

from failonce.model.snapshot import ReleaseEvent
from failonce.store.tables import releases
from failonce.store.transactions import Transactions
from failonce.store.upsert import add_missing


class Releases:
    """The releases."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def announce(self, target: str, event: ReleaseEvent) -> None:
        """Keep that a release of the target's application became known."""
        with self._transactions.writing() as connection:
            add_missing(connection, releases, [{"target": target, **asdict(event)}])

    def since(self, target: str, at: datetime) -> tuple[ReleaseEvent, ...]:
        """Return the target's releases from an instant on, oldest first."""
        query = (
            select(releases.c.release, releases.c.at, releases.c.source)
            .where(releases.c.target == target, releases.c.at >= at)
            .order_by(releases.c.at, releases.c.release)
        )
        with self._transactions.reading() as connection:
            return tuple(ReleaseEvent(*row) for row in connection.execute(query))
