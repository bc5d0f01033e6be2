"""The server as a whole: its age, checkpoints, WAL, ended sessions, and the maintenance under way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from failonce.model import snapshot
from failonce.model.snapshot import Standby, Task
from failonce.observe.connection import Connection
from failonce.observe.differences import Counters
from failonce.observe.source import Parts


class Server:
    """What no statement did: restarts, checkpoints, vacuums, index builds and backups."""

    name = "server"
    impact = "restarts, checkpoints, vacuums and backups are not known"

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._counters: Counters[str] = Counters()

    def read(self, at: datetime) -> Parts:
        row = self._connection.rows("server")[0]
        counted = (row.checkpoints_requested, row.checkpoints_timed, row.wal_bytes, row.sessions_ended)
        tasks = tuple(Task(*task) for task in self._connection.rows("tasks"))
        standbys = tuple(Standby(*standby) for standby in self._standbys(row.synchronous_standbys))
        differences = self._counters.advance({"server": counted})
        if differences is None:
            return {}
        interval_s, grown = differences
        added = grown.get("server", (0,) * len(counted))
        requested, timed, wal_bytes, ended = added
        waited_for = (row.synchronous_standbys, standbys)
        return {
            "server": snapshot.Server(
                interval_s, row.started_at, requested, timed, wal_bytes, ended, tasks, *waited_for
            )
        }

    def _standbys(self, count: int | None) -> list[Any]:
        return self._connection.rows("standbys") if count else []
