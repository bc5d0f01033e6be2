"""What many incidents say together, computed from what the viewer may see and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from failonce import robust
from failonce.model.action import ActionKind, ActionState
from failonce.model.dossier import FailureClass
from failonce.model.insight import Coverage, Figure, Insights, Point, Tally
from failonce.model.viewer import Viewer
from failonce.store import likeness
from failonce.store.dossiers import SPANS
from failonce.store.memo import Memo
from failonce.store.permission import visible
from failonce.store.tables import action_items, incidents, judgements
from failonce.store.transactions import Transactions

_COLUMNS = (
    "id opened_at state severity cause trigger fingerprint relations services target"
    " detect_s acknowledge_s mitigate_s recover_s"
).split()


class InsightsShelf:
    """The figures over many incidents."""

    def __init__(self, transactions: Transactions) -> None:
        self._memo: Memo[Insights] = Memo(transactions)

    def read(self, viewer: Viewer, *, since: datetime | None = None, until: datetime | None = None) -> Insights:
        """Return the figures of the incidents opened in a time."""
        asked = (viewer.sees_all, viewer.groups, since, until)
        return self._memo.answer(asked, lambda connection: _insights(connection, viewer, since, until))


def _insights(connection: Connection, viewer: Viewer, since: datetime | None, until: datetime | None) -> Insights:
    columns = [incidents.c[name] for name in _COLUMNS]
    query = select(*columns).where(visible(viewer)).order_by(incidents.c.opened_at, incidents.c.id)
    everything = connection.execute(query if until is None else query.where(incidents.c.opened_at < until)).all()
    rows = [row for row in everything if since is None or row.opened_at >= since]
    again = _recurrences(connection, everything)
    return Insights(
        since=since,
        until=until,
        incidents=len(rows),
        figures=tuple(_figure(name, rows) for name in SPANS),
        causes=_tally(row.cause for row in rows),
        without_cause=sum(row.cause is None for row in rows),
        triggers=_tally(row.trigger for row in rows),
        severities=_tally(row.severity for row in rows),
        states=_tally(row.state for row in rows),
        recurrences=sum(row.id in again for row in rows),
        coverage=_coverage(connection, rows),
    )


def _figure(name: str, rows: Sequence[Row[Any]]) -> Figure:
    start, end = SPANS[name]
    column = _COLUMNS.index(f"{name}_s")
    told: list[tuple[Any, ...]] = [tuple(row) for row in rows]
    timed = [row for row in told if row[column] is not None]
    points = tuple(Point(row[0], row[1], row[column]) for row in timed if row[column] >= 0)
    seconds = [point.seconds for point in points]
    low, middle, high = (robust.percentile(seconds, share) if seconds else None for share in (0.1, 0.5, 0.9))
    return Figure(
        id=name,
        formula=f"{end} − {start}",
        points=points,
        unknown=len(rows) - len(timed),
        contradictory=len(timed) - len(points),
        p10=low,
        p50=middle,
        p90=high,
    )


def _recurrences(connection: Connection, rows: Sequence[Row[Any]]) -> set[str]:
    """Return the incidents of a failure that had been there before; a person's word outranks what the fields say."""
    said: dict[str, dict[str, bool]] = {}
    for row in connection.execute(select(judgements)):
        said.setdefault(row.incident_id, {})[row.earlier_id] = row.is_same
    seen: dict[tuple[str, str, str], list[str]] = {}
    visible_ids = {row.id for row in rows}
    again = set()
    for row in rows:
        mine, judged = _keys(row), said.get(row.id, {})
        earlier = (id_ for key in mine for id_ in seen.get(key, ()))
        confirmed = any(is_same and id_ in visible_ids for id_, is_same in judged.items())
        if confirmed or any(judged.get(id_, True) for id_ in earlier):
            again.add(row.id)
        for key in mine:
            seen.setdefault(key, []).append(row.id)
    return again


def _keys(row: Row[Any]) -> tuple[tuple[str, str, str], ...]:
    failure = FailureClass(row.cause, row.trigger, row.fingerprint, tuple(row.relations))
    return tuple(likeness.keys(failure, (*row.services, *([row.target] if row.target else []))))


def _coverage(connection: Connection, rows: Sequence[Row[Any]]) -> Coverage:
    """Count failures that a verified preventing item would stop: one of its own, or one against the same query."""
    columns = action_items.c
    verified = select(columns.incident_id, columns.proofs).where(
        columns.state == ActionState.VERIFIED, columns.kind == ActionKind.PREVENT
    )
    proved: set[str] = set()
    vouched: set[str] = set()
    for incident_id, proofs in connection.execute(verified):
        (proved if proofs else vouched).add(incident_id)
    failures = [row for row in rows if row.cause is not None]
    stopped = _covered(failures, proved)
    vouched_for = _covered(failures, vouched) - stopped
    return Coverage(len(failures), len(stopped), len(vouched_for))


def _covered(failures: Sequence[Row[Any]], incident_ids: set[str]) -> set[str]:
    queries = {row.fingerprint for row in failures if row.id in incident_ids and row.fingerprint}
    return {row.id for row in failures if row.id in incident_ids or row.fingerprint in queries}


def _tally(values: Iterable[str | None]) -> tuple[Tally, ...]:
    counted = Counter(value for value in values if value is not None)
    return tuple(Tally(value, number) for value, number in sorted(counted.items(), key=lambda e: (-e[1], e[0])))
