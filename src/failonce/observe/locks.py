"""What waiting sessions wait for (source: pg_locks, asked only when somebody waits for a lock).

A blocker without a session, pid 0, is a prepared transaction (source: pg_prepared_xacts).
"""

from __future__ import annotations

from datetime import datetime

from failonce.model.snapshot import LockWait, PreparedTransaction
from failonce.observe.connection import Connection
from failonce.observe.sessions import Sessions
from failonce.observe.source import Parts


class LockWaits:
    """The locks that the waiters among the sessions wait for; read after these."""

    name = "locks"
    impact = "which relation a waiting session waits for is not known"

    def __init__(self, connection: Connection, sessions: Sessions) -> None:
        self._connection = connection
        self._sessions = sessions

    def read(self, at: datetime) -> Parts:
        waiters = list(self._sessions.waiting)
        if not waiters:
            return {}
        rows = self._connection.rows("lock_waits", {"waiters": waiters})
        parts: Parts = {"lock_waits": tuple(LockWait(row.pid, row.lock_type, row.mode, row.relation) for row in rows)}
        if 0 in self._sessions.blocking:
            prepared = self._connection.rows("prepared")
            parts["prepared"] = tuple(PreparedTransaction(row.gid, row.owner, row.age_s) for row in prepared)
        return parts
