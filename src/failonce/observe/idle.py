"""Connections that do nothing outside a transaction (source: pg_stat_activity, now and then).

An idle connection is healthy, and a pool is full of them. But one that a request has borrowed and never gives back is
idle too; the statement it ran last tells where.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from failonce.model.snapshot import IdleGroup
from failonce.observe.connection import Connection
from failonce.observe.fingerprints import Fingerprints
from failonce.observe.source import Parts


class Idle:
    """Idle connections, by whose they are and what they ran last."""

    name = "idle"
    impact = "which statement idle connections ran last is not known"

    def __init__(self, connection: Connection, fingerprints: Fingerprints) -> None:
        self._connection = connection
        self._fingerprints = fingerprints

    def read(self, at: datetime) -> Parts:
        return {"idle": tuple(self._group(row) for row in self._connection.rows("idle"))}

    def _group(self, row: Any) -> IdleGroup:
        known = None if row.query_id is None else self._fingerprints.of(row.query_id)
        fingerprint = known or (self._fingerprints.of_text(row.text) if row.text and not row.is_cut else None)
        return IdleGroup(row.user, row.application, row.release, fingerprint, row.sessions, row.oldest_s)
