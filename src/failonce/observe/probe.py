"""How long the shortest query takes, there and back, on a connection of its own.

Tells a slow network, or a server that has no breath left, from slow statements.
"""

from __future__ import annotations

import time
from datetime import datetime

from failonce.model import snapshot
from failonce.observe.connection import Connection, ConnectionLost
from failonce.observe.source import Parts, Unseen

TIMEOUT_MS = 2000
#: What is seen when it did not come back in time.
UNANSWERED: Parts = {"probe": snapshot.Probe(round_trip_ms=None)}


class Probe:
    """The round trip of one `SELECT 1`."""

    name = "probe"
    impact = "the network and a server that no longer answers cannot be told apart"

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, at: datetime) -> Parts:
        try:
            self._connection.ensure_open()
            began_s = time.perf_counter()
            self._connection.rows("probe")
        except ConnectionLost as lost:
            raise Unseen(lost.reason, hint=lost.hint) from lost
        except Unseen:
            return UNANSWERED
        return {"probe": snapshot.Probe(round_trip_ms=1000 * (time.perf_counter() - began_s))}
