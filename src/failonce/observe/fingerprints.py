"""Which statement a query_id stands for, learned from texts as they are seen; and the texts not yet told.

Texts arrive masked by the server (sql/mask.sql); what is kept of one is its fingerprint, and that it was told.
"""

from __future__ import annotations

from typing import TypeVar

from failonce import sqltext
from failonce.model.snapshot import Query

K = TypeVar("K")
V = TypeVar("V")

# Far above what pg_stat_statements keeps (5000 by default): an observer runs for months, and ids come and go.
LIMIT = 50_000


class Fingerprints:
    """What is known of statements. Ids are PostgreSQL's, 64 bits with a sign."""

    def __init__(self) -> None:
        self._by_id: dict[int, str] = {}
        self._told: dict[str, None] = {}
        self._untold: list[Query] = []
        self._wanted: set[int] = set()

    def of(self, query_id: int) -> str | None:
        return self._by_id.get(query_id)

    def learn(self, query_id: int, text: str) -> str:
        """Return the text's fingerprint and remember that the id stands for it."""
        self._wanted.discard(query_id)
        self._by_id[query_id] = fingerprint = self.of_text(text)
        drop_oldest(self._by_id)
        return fingerprint

    def of_text(self, text: str) -> str:
        """Return the text's fingerprint; the text is told once."""
        fingerprint = sqltext.fingerprint(text)
        if fingerprint not in self._told:
            self._told[fingerprint] = None
            drop_oldest(self._told)
            self._untold.append(Query(fingerprint=fingerprint, text=sqltext.normalise(text)))
        return fingerprint

    def want(self, query_id: int) -> None:
        """Ask for the whole text of a statement of which only a cut one was seen."""
        self._wanted.add(query_id)

    def wanted(self) -> list[int]:
        """Return the ids whose whole text was asked for; each is asked for once."""
        wanted, self._wanted = list(self._wanted), set()
        return wanted

    def untold(self) -> tuple[Query, ...]:
        """Return the texts nobody was told yet."""
        untold, self._untold = tuple(self._untold), []
        return untold


def drop_oldest(entries: dict[K, V]) -> None:
    """Forget the entry added first when there are too many."""
    if len(entries) > LIMIT:
        del entries[next(iter(entries))]
