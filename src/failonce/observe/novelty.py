"""Which statements are new: when each fingerprint was first seen in pg_stat_statements.

Ids come back after a reset or an eviction, and several ids may share one fingerprint (lists of other lengths, a table
made anew): a statement is new only when none of its ids was there before.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime

from failonce.observe.fingerprints import Fingerprints, drop_oldest


class Novelty:
    """When each fingerprint was first seen; None when it was there before we looked."""

    def __init__(self, fingerprints: Fingerprints) -> None:
        self._fingerprints = fingerprints
        self._present: Set[int] = frozenset()
        #: Ids that were there at the first reading.
        self._old: Set[int] | None = None
        #: Ids whose fingerprint is not known yet.
        self._unsettled: dict[int, datetime | None] = {}
        self._first_seen_at: dict[str, datetime | None] = {}

    def notice(self, present: Set[int], at: datetime) -> None:
        """Take note of the ids of one reading."""
        if self._old is None:
            self._old = present
        self._unsettled = {query_id: seen for query_id, seen in self._unsettled.items() if query_id in present}
        for query_id in present - self._present:
            self._unsettled[query_id] = None if query_id in self._old else at
        self._present = present

    def settle(self) -> None:
        """Look again for the fingerprints of ids that were seen without one."""
        for query_id, first_seen_at in list(self._unsettled.items()):
            fingerprint = self._fingerprints.of(query_id)
            if fingerprint is not None:
                del self._unsettled[query_id]
                before = self._first_seen_at.setdefault(fingerprint, first_seen_at)
                if before is not None and first_seen_at is None:
                    self._first_seen_at[fingerprint] = None
                drop_oldest(self._first_seen_at)

    def first_seen_at(self, fingerprint: str) -> datetime | None:
        return self._first_seen_at.get(fingerprint)
