"""Who is connected and what they do (source: pg_stat_activity, every second).

The one source that is never given up: all else may be missing. A text is fetched only for a statement not seen before.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from failonce.model.snapshot import ConnectionGroup, Connections, Gap, Session
from failonce.observe.connection import Connection
from failonce.observe.fingerprints import Fingerprints
from failonce.observe.source import Parts, Unseen

# Ids sent along so that their texts stay where they are: those seen running lately.
_REMEMBERED = 300
# Groups of connections that are told: those with most of them.
_GROUPS = 8


class Sessions:
    """Sessions that are not idle, and the number of connections."""

    name = "sessions"
    impact = "what runs, waits and blocks is not known"

    def __init__(self, connection: Connection, fingerprints: Fingerprints) -> None:
        self._connection = connection
        self._fingerprints = fingerprints
        #: Ids seen running lately, in order of last use.
        self._recent: dict[int, None] = {}
        #: Fingerprints of running statements without an id, by pid and start: they waited for a lock while still
        #: being parsed, or compute_query_id is off.
        self._running: dict[tuple[int, datetime], str] = {}
        #: Pids that waited for a lock at the last reading, and those that blocked them (0: no session at all).
        self.waiting: tuple[int, ...] = ()
        self.blocking: tuple[int, ...] = ()

    def read(self, at: datetime) -> Parts:
        query_ids = [query_id for query_id in self._recent if self._fingerprints.of(query_id)]
        starts = [start for _, start in self._running]
        parameters = {"query_ids": query_ids, "starts": starts, "blockers": list(self.blocking)}
        rows = self._connection.rows("sessions", parameters)
        sessions = tuple(self._session(row) for row in rows)
        self._running = {
            (row.pid, row.query_start): session.fingerprint
            for row, session in zip(rows, sessions, strict=True)
            if row.query_id is None and row.query_start and session.fingerprint
        }
        self.waiting = tuple(row.pid for row in rows if row.wait_type == "Lock")
        self.blocking = tuple(sorted({pid for row in rows for pid in row.blocked_by}))
        connections = self._connections()
        parts: Parts = {"sessions": sessions, "connections": connections}
        if connections.hidden:
            parts["gaps"] = (self._hidden(),)
        return parts

    def _connections(self) -> Connections:
        rows = self._connection.rows("connections")
        groups = tuple(ConnectionGroup(row.user, row.application, row.total, row.idle, row.young) for row in rows)
        return Connections(
            total=sum(row.total for row in rows),
            idle=sum(row.idle for row in rows),
            limit=rows[0].limit,
            hidden=sum(row.hidden for row in rows),
            groups=groups[:_GROUPS],
            reserved=rows[0].reserved,
        )

    def _session(self, row: Any) -> Session:
        return Session(
            pid=row.pid,
            kind=row.kind,
            user=row.user,
            application=row.application,
            state=row.state,
            wait_type=row.wait_type,
            wait_event=row.wait_event,
            query_id=None if row.query_id is None else str(row.query_id),
            fingerprint=self._fingerprint(row),
            route=row.route,
            release=row.release,
            query_age_s=row.query_age_s,
            transaction_age_s=row.transaction_age_s,
            state_age_s=row.state_age_s,
            horizon_age=row.horizon_age,
            blocked_by=tuple(row.blocked_by),
        )

    def _fingerprint(self, row: Any) -> str | None:
        """Return the fingerprint of a session's statement.

        Half a text would give the id a wrong one for good, and so would a text of several statements, of which
        query_id means only one; pg_stat_statements knows better.
        """
        known = None if row.query_id is None else self._fingerprints.of(row.query_id)
        if row.query_id is not None:
            self._remember(row.query_id)
        if known or not row.text:
            # Without its text: it got its id since the previous reading, or has none.
            return known or self._running.get((row.pid, row.query_start))
        if row.query_id is None:
            return self._fingerprints.of_text(row.text)
        if not row.is_cut and ";" not in row.text.rstrip("; \n\t\r"):
            return self._fingerprints.learn(row.query_id, row.text)
        self._fingerprints.want(row.query_id)
        return self._fingerprints.of_text(row.text)

    def _remember(self, query_id: int) -> None:
        self._recent.pop(query_id, None)
        self._recent[query_id] = None
        if len(self._recent) > _REMEMBERED:
            self._recent.pop(next(iter(self._recent)))

    def _hidden(self) -> Gap:
        user = self._connection.user
        unseen = Unseen(
            f"role {user} may not see the sessions of other roles", hint=f"GRANT pg_monitor TO {user};", lasting=True
        )
        return unseen.gap(self.name, "sessions of other roles, what they run, wait for and block, are not known")
