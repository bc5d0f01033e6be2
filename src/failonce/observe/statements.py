"""What each statement costs (source: pg_stat_statements; only finished statements count there).

Counters are differenced here, so that the server only hands them out; texts are asked for by id, once, and masked by
the server. Never resets anything: other people read these counters too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from failonce.model.snapshot import Gap, Statement, Statements
from failonce.observe.connection import Connection
from failonce.observe.differences import Counters
from failonce.observe.fingerprints import Fingerprints
from failonce.observe.novelty import Novelty
from failonce.observe.source import Parts, Unseen

#: userid, queryid, toplevel: what pg_stat_statements counts by, within a database.
Key = tuple[int, int, bool]
#: The columns of sql/statements behind the key.
Values = tuple[int, ...]

# Texts per reading of statements that worked. All others become known a hundred at a time with every third reading
# (asking costs a server with thousands of statements 10 ms and more): no tick is held up, and no server in trouble.
_TEXTS_AT_ONCE = 300
_TEXTS_AT_LEISURE = 100
_LEISURE_EVERY = 3
_TEXTS_TIMEOUT_MS = 5000


class StatementStatistics:
    """The statements that did any work since the previous reading."""

    name = "statements"
    impact = "calls, time, rows and blocks per statement are not known, nor which statements are new"

    def __init__(self, connection: Connection, fingerprints: Fingerprints) -> None:
        self._connection = connection
        self._fingerprints = fingerprints
        self._schema = ""
        self._epoch: datetime | None = None
        self._evictions = 0
        self._counters: Counters[Key] = Counters()
        self._novelty = Novelty(fingerprints)
        self._ours: set[int] = set()
        self._asked: set[int] = set()
        self._readings = 0
        #: While something is wrong only the texts of statements that worked are asked for.
        self.is_urgent = False

    def read(self, at: datetime) -> Parts:
        gaps = list(self._check_epoch())
        rows = self._rows("statements")
        if any(row.queryid is None for row in rows):
            gaps.append(self._hidden())
        entries: dict[Key, Values] = {
            (row.userid, row.queryid, row.toplevel): tuple(row[3:])
            for row in rows
            if row.queryid is not None and row.queryid not in self._ours
        }
        present = {queryid for _, queryid, _ in entries}
        self._asked &= present
        self._novelty.notice(present, at)
        differences = self._counters.advance(entries)
        interval_s, grown = differences or (0.0, {})
        self._learn(entries, grown)
        self._novelty.settle()
        parts: Parts = {"gaps": tuple(gaps)}
        if differences is not None:
            parts["statements"] = Statements(interval_s, self._statements(entries, grown))
        return parts

    def _check_epoch(self) -> Iterable[Gap]:
        """Start over when somebody reset the counters; say so when statements are dropped for want of room."""
        row = self._rows("statements_epoch")[0]
        if row.stats_reset != self._epoch:
            self._counters.start_over()
        elif row.dealloc > self._evictions:
            yield Unseen(
                "pg_stat_statements drops statements for want of room",
                hint="ALTER SYSTEM SET pg_stat_statements.max = 20000;   -- then restart the server",
            ).gap(self.name, "rare statements are missing or counted in part")
        self._epoch, self._evictions = row.stats_reset, row.dealloc
        if row.is_off:
            yield Unseen(
                "pg_stat_statements is switched off (compute_query_id or pg_stat_statements.track)",
                hint="ALTER SYSTEM SET compute_query_id = auto; "
                "ALTER SYSTEM SET pg_stat_statements.track = top; SELECT pg_reload_conf();",
            ).gap(self.name, self.impact)

    def _learn(self, entries: Mapping[Key, Values], grown: Mapping[Key, Values]) -> None:
        """Ask for the texts of statements that worked, of those wanted whole, and, at leisure, of all others."""
        asked = [*self._fingerprints.wanted(), *self._unknown(grown)][:_TEXTS_AT_ONCE]
        if self._readings % _LEISURE_EVERY == 0 and not self.is_urgent:
            never_asked = {key: values for key, values in entries.items() if key[1] not in self._asked}
            asked += self._unknown(never_asked)[: max(0, _TEXTS_AT_LEISURE - len(asked))]
        self._readings += 1
        if not asked:
            return
        self._asked.update(asked)
        texts = self._rows("statement_texts", {"query_ids": asked}, timeout_ms=_TEXTS_TIMEOUT_MS)
        for queryid, text, is_ours in texts:
            if is_ours:
                self._ours.add(queryid)
            elif text:
                self._fingerprints.learn(queryid, text)

    def _unknown(self, entries: Mapping[Key, Values]) -> list[int]:
        """Return the ids without a fingerprint, those with the most execution time first."""
        unknown = [key for key in entries if self._fingerprints.of(key[1]) is None]
        return [queryid for _, queryid, _ in sorted(unknown, key=lambda key: -entries[key][1])]

    def _statements(self, entries: Mapping[Key, Values], grown: Mapping[Key, Values]) -> tuple[Statement, ...]:
        """Return one row per query id; those whose text or first call is still to come wait for the next reading."""
        # A plan is counted before the call that it is for.
        later = {k: v for k, v in grown.items() if self._fingerprints.of(k[1]) is None or not v[0]}
        self._counters.hold_back(later)
        added = _by_query_id((k, v) for k, v in grown.items() if v[0])
        totals = _by_query_id((key, value) for key, value in entries.items() if key[1] in added)
        return tuple(
            self._statement(query_id, fingerprint, values, totals[query_id])
            for query_id, values in added.items()
            if (fingerprint := self._fingerprints.of(query_id))
        )

    def _statement(self, query_id: int, fingerprint: str, added: Values, total: Values) -> Statement:
        calls, exec_us, rows, blocks, blocks_read, temp_blocks, plans = added
        return Statement(
            fingerprint=fingerprint,
            query_id=str(query_id),
            calls=calls,
            exec_ms=exec_us / 1000,
            rows=rows,
            blocks=blocks,
            blocks_read=blocks_read,
            temp_blocks=temp_blocks,
            total_calls=total[0],
            total_exec_ms=total[1] / 1000,
            total_rows=total[2],
            total_blocks=total[3],
            first_seen_at=self._novelty.first_seen_at(fingerprint),
            plans=plans,
        )

    def _rows(self, name: str, parameters: Mapping[str, object] | None = None, *, timeout_ms: int = 0) -> list[Any]:
        if not self._schema:
            self._schema = self._find_schema()
        try:
            return self._connection.rows(name, parameters, schema=self._schema, timeout_ms=timeout_ms)
        except Unseen:
            self._schema = ""
            raise

    def _find_schema(self) -> str:
        found = self._connection.rows("statements_schema")
        if not found:
            database = self._connection.database
            raise Unseen(
                f"the extension pg_stat_statements is not installed in database {database}",
                hint=f"CREATE EXTENSION pg_stat_statements;   -- as a superuser, in database {database}",
                lasting=True,
            )
        if not found[0].is_open:
            user, schema = self._connection.user, found[0].name
            raise Unseen(
                f"role {user} may not use schema {schema}, where pg_stat_statements was installed",
                hint=f"GRANT USAGE ON SCHEMA {schema} TO {user};",
                lasting=True,
            )
        return str(found[0].name)

    def _hidden(self) -> Gap:
        user = self._connection.user
        unseen = Unseen(f"role {user} may not see the statements of other roles", hint=f"GRANT pg_monitor TO {user};")
        return unseen.gap(self.name, "what the statements of other roles cost is not known")


def _by_query_id(entries: Iterable[tuple[Key, Values]]) -> dict[int, Values]:
    """Return the sums over users and levels."""
    sums: dict[int, Values] = {}
    for (_, query_id, _), values in entries:
        before = sums.get(query_id)
        sums[query_id] = values if before is None else tuple(map(sum, zip(before, values, strict=True)))
    return sums
