"""What is told once: texts, the catalog, totals. Each segment tells them anew, so that it can be read alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from failonce.model.catalog import Catalog
from failonce.model.snapshot import Query, Snapshot
from failonce.observe.recording.schema import Row

# Several times what pg_stat_statements tracks by default; the texts longest unseen are forgotten first.
_TEXTS = 20_000
_TOTALS = {"total_calls": "calls", "total_exec_ms": "exec_ms", "total_rows": "rows", "total_blocks": "blocks"}


class Told:
    """The texts and the catalog that are known, and which of them the current segment has told."""

    def __init__(self) -> None:
        self._queries: dict[str, Query] = {}
        self._catalog: Catalog | None = None
        self._in_segment: set[str] = set()
        self._catalog_in_segment = False

    def begin_segment(self) -> None:
        self._in_segment = set()
        self._catalog_in_segment = False

    def complete(self, snapshot: Snapshot) -> Snapshot:
        """Return the snapshot with what it refers to and its segment has not told yet."""
        self.learn(snapshot)
        named = dict.fromkeys(_fingerprints(snapshot))
        missing = [self._queries[f] for f in named if f in self._queries and f not in self._in_segment]
        catalog = self._catalog if not self._catalog_in_segment else snapshot.catalog
        told = replace(snapshot, queries=(*snapshot.queries, *missing), catalog=catalog)
        self.learn(told)
        return told

    def introduce(self, snapshot: Snapshot) -> Snapshot:
        """Return the snapshot with all that was told so far: the first one of a reading that begins in the middle."""
        self.learn(snapshot)
        return replace(snapshot, queries=tuple(self._queries.values()), catalog=self._catalog)

    def learn(self, snapshot: Snapshot) -> None:
        for query in snapshot.queries:
            self._queries.pop(query.fingerprint, None)
            self._queries[query.fingerprint] = query
            self._in_segment.add(query.fingerprint)
        while len(self._queries) > _TEXTS:
            del self._queries[next(iter(self._queries))]
        self._catalog = snapshot.catalog or self._catalog
        self._catalog_in_segment = self._catalog_in_segment or snapshot.catalog is not None


def _fingerprints(snapshot: Snapshot) -> Iterator[str]:
    yield from (session.fingerprint for session in snapshot.sessions or () if session.fingerprint)
    if snapshot.statements:
        yield from (row.fingerprint for row in snapshot.statements.rows)


class Totals:
    """Leaves out the totals that follow from the one before and the difference beside it: a third of all bytes."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str, str], float] = {}

    def left_out(self, row: Row) -> Row:
        """Return the row with None for each total that a reader of the rows before it can work out."""
        for key, statement, total, expected in self._expectations(row):
            self._last[key] = statement[total]
            if statement[total] == expected:
                statement[total] = None
        return row

    def filled_in(self, row: Row) -> Row:
        """Undo `left_out`, given the same rows in the same order."""
        for key, statement, total, expected in self._expectations(row):
            if statement[total] is None:
                statement[total] = expected
            self._last[key] = statement[total]
        return row

    def _expectations(self, row: Row) -> Iterable[tuple[tuple[str, str, str], Row, str, float | None]]:
        for statement in row["statements"]["rows"] if row["statements"] else ():
            for total, difference in _TOTALS.items():
                key = statement["fingerprint"], statement["query_id"], total
                last = self._last.get(key)
                yield key, statement, total, None if last is None else round(last + statement[difference], 3)
