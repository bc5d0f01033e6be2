"""What the database did as a whole (source: pg_stat_database, every second)."""

from __future__ import annotations

from datetime import datetime

from failonce.model.snapshot import DatabaseActivity
from failonce.observe.connection import Connection
from failonce.observe.differences import Counters
from failonce.observe.source import Parts


class Database:
    """Commits, rollbacks, deadlocks, temporary files and blocks."""

    name = "database"
    impact = "commits, rollbacks, deadlocks and temporary files are not known"

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._counters: Counters[str] = Counters()

    def read(self, at: datetime) -> Parts:
        row = tuple(self._connection.rows("database")[0])
        differences = self._counters.advance({"database": row})
        if differences is None:
            return {}
        interval_s, grown = differences
        added = grown.get("database", (0,) * len(row))
        return {"database": DatabaseActivity(interval_s, *added)}
