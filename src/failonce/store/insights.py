"""What many incidents say together, computed from what the viewer may see and nothing else."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise

from sqlalchemy import Connection, select

from failonce import robust
from failonce.model.action import ActionKind, ActionState
from failonce.model.dossier import Severity
from failonce.model.insight import Coverage, Figure, Insights, Tally
from failonce.model.viewer import Viewer
from failonce.store.census import Case, Census
from failonce.store.dossiers import SPANS
from failonce.store.memo import Memo
from failonce.store.tables import action_items, judgements
from failonce.store.transactions import Transactions


class InsightsShelf:
    """The figures over many incidents."""

    def __init__(self, transactions: Transactions) -> None:
        self._memo: Memo[Insights] = Memo(transactions)
        self._again: Memo[frozenset[str]] = Memo(transactions)
        self._months: Memo[tuple[tuple[int, int], ...]] = Memo(transactions)
        self._census = Census()

    def read(self, viewer: Viewer, *, since: datetime | None = None, until: datetime | None = None) -> Insights:
        """Return the figures of the incidents opened in a time."""
        circle = (viewer.sees_all, viewer.groups)
        again = self._again.answer(circle, lambda connection: self._recurrences(connection, viewer))
        return self._memo.answer(
            (*circle, since, until), lambda connection: self._insights(connection, viewer, since, until, again)
        )

    def months(
        self, viewer: Viewer, starts: Sequence[datetime], severities: Sequence[Severity]
    ) -> tuple[tuple[int, int], ...]:
        """Return how many incidents opened from each instant until the next, and how many of these were so severe."""
        return self._months.answer(
            (viewer.sees_all, viewer.groups, *starts, *severities),
            lambda connection: _counted(_dated(self._census.cases(connection, viewer)), starts, severities),
        )

    def _recurrences(self, connection: Connection, viewer: Viewer) -> frozenset[str]:
        return _recurrences(connection, self._census.cases(connection, viewer))

    def _insights(
        self,
        connection: Connection,
        viewer: Viewer,
        since: datetime | None,
        until: datetime | None,
        again: frozenset[str],
    ) -> Insights:
        every = self._census.cases(connection, viewer)
        if since is not None or until is not None:
            every = _dated(every)
        start = 0 if since is None else bisect_left(every, since, key=_opened)
        cases = every[start : len(every) if until is None else bisect_left(every, until, key=_opened)]
        return Insights(
            since=since,
            until=until,
            incidents=len(cases),
            figures=tuple(_figure(name, cases) for name in SPANS),
            causes=_tally([case.cause for case in cases]),
            without_cause=sum(case.cause is None for case in cases),
            triggers=_tally([case.trigger for case in cases]),
            severities=_tally([case.severity for case in cases]),
            states=_tally([case.state for case in cases]),
            recurrences=sum(case.id in again for case in cases),
            coverage=_coverage(connection, cases),
        )


def _counted(
    cases: Sequence[Case], starts: Sequence[datetime], severities: Sequence[Severity]
) -> tuple[tuple[int, int], ...]:
    ends = [*(bisect_left(cases, start, key=_opened) for start in starts), len(cases)]
    months = (cases[begin:end] for begin, end in pairwise(ends))
    return tuple((len(month), sum(case.severity in severities for case in month)) for month in months)


def _dated(cases: Sequence[Case]) -> Sequence[Case]:
    """Return those whose day is known: the others are in no period, only in all time."""
    return [case for case in cases if case.is_dated]


def _opened(case: Case) -> datetime:
    return case.opened_at


def _figure(name: str, cases: Sequence[Case]) -> Figure:
    start, end = SPANS[name]
    timed = [point for case in cases if (point := case.points[name]) is not None]
    points = tuple(point for point in timed if point.seconds >= 0)
    seconds = sorted(point.seconds for point in points)
    low, middle, high = (robust.percentile(seconds, share) if seconds else None for share in (0.1, 0.5, 0.9))
    return Figure(
        id=name,
        formula=f"{end} − {start}",
        points=points,
        unknown=len(cases) - len(timed),
        contradictory=len(timed) - len(points),
        p10=low,
        p50=middle,
        p90=high,
    )


def _recurrences(connection: Connection, cases: Sequence[Case]) -> frozenset[str]:
    """Return the incidents of a failure that had been there before; a person's word outranks what the fields say."""
    said: dict[str, dict[str, bool]] = {}
    for row in connection.execute(select(judgements)):
        said.setdefault(row.incident_id, {})[row.earlier_id] = row.is_same
    ids = {case.id for case in cases}
    seen: set[str] = set()
    #: Whose they were, of the keys that somebody's word is about.
    whose: dict[str, list[str]] = {key: [] for case in cases if case.id in said for key in case.keys}
    again = set()
    for case in cases:
        judged = said.get(case.id)
        if judged is None:
            is_again = not seen.isdisjoint(case.keys)
        else:
            confirmed = any(is_same and id_ in ids for id_, is_same in judged.items())
            is_again = confirmed or any(judged.get(id_, True) for key in case.keys for id_ in whose[key])
        if is_again:
            again.add(case.id)
        seen.update(case.keys)
        for key in case.keys if whose else ():
            if key in whose:
                whose[key].append(case.id)
    return frozenset(again)


def _coverage(connection: Connection, rows: Sequence[Case]) -> Coverage:
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


def _covered(failures: Sequence[Case], incident_ids: set[str]) -> set[str]:
    queries = {row.fingerprint for row in failures if row.id in incident_ids and row.fingerprint}
    return {row.id for row in failures if row.id in incident_ids or row.fingerprint in queries}


def _tally(values: Iterable[str | None]) -> tuple[Tally, ...]:
    counted = [(value, number) for value, number in Counter(values).items() if value is not None]
    return tuple(Tally(value, number) for value, number in sorted(counted, key=lambda e: (-e[1], e[0])))
