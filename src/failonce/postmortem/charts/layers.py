"""Who kept the database busy: sessions per statement at each instant, as layers of a stacked area."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median

from failonce import sqltext
from failonce.model.diagnosis import Culprit
from failonce.model.snapshot import Session, Snapshot
from failonce.postmortem.charts.series import Reading, Series

CULPRIT, OTHER, LOCKED, IDLE = "culprit", "other", "locked", "idle"
#: Statements with a layer of their own besides the culprit's; more greys cannot be told apart.
_MOST_STATEMENTS = 3
# A sampler on a starved machine is late, not blind.
_LATE_S = 2.5


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer, named for people."""

    #: `culprit`, `locked`, `idle`, `other`, or a fingerprint.
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """How many sessions each layer had at one instant."""

    at: datetime
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Layers:
    """The layers from the bottom up, and their rows in order of time."""

    layers: tuple[Layer, ...]
    rows: tuple[Row, ...]

    def largest(self, index: int) -> int:
        return max((row.counts[index] for row in self.rows), default=0)

    def series(self, index: int) -> Series:
        """Return one layer as readings of an instant."""
        return tuple(Reading(row.at, row.at, float(row.counts[index])) for row in self.rows)


def sessions_by_statement(snapshots: Sequence[Snapshot], culprit: Culprit | None) -> Layers:
    """Count sessions per layer: the culprit at the bottom, then the busiest statements, then those that only wait."""
    texts = {query.fingerprint: query.text for snapshot in snapshots for query in snapshot.queries}
    counted = [
        (snapshot.at, Counter(_key(session, culprit) for session in snapshot.sessions if _counts(session)))
        for snapshot in snapshots
        if snapshot.sessions is not None
    ]
    totals = sum((count for _, count in counted), Counter[str]())
    keys = _from_the_bottom_up(totals)
    own = set(keys)
    rows = tuple(Row(at, tuple(_of(key, count, own) for key in keys)) for at, count in counted)
    return Layers(tuple(_named(keys, texts, culprit)), rows)


def unbroken(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Yield the runs of rows without a gap: nobody looked for three times as long as usual."""
    steps = [(after.at - before.at).total_seconds() for before, after in pairwise(rows)]
    longest = max(_LATE_S, 3 * median(steps)) if steps else _LATE_S
    start = 0
    for index, step in enumerate(steps, start=1):
        if step > longest:
            yield rows[start:index]
            start = index
    if rows:
        yield rows[start:]


def thin(rows: Sequence[Row], most: int) -> Sequence[Row]:
    """Return at most `most` rows, of each run of neighbours the one with the most sessions."""
    size = max(1, math.ceil(len(rows) / most))
    return [max(rows[start : start + size], key=lambda r: r.total) for start in range(0, len(rows), size)]


def label(text: str | None, fingerprint: str) -> str:
    """Return a few words for a statement: what it does, to which tables.

    >>> label("select id, title from recipes where id = ?", "8f00")
    'select recipes'
    """
    if not text:
        return f"statement {fingerprint[:6]}"
    verb = text.split(None, 1)[0].lower()[:12]
    # The one it names first is what it is about; the names themselves come sorted.
    relations = sorted(sqltext.relations(text), key=text.find)
    more = f" +{len(relations) - 1}" if len(relations) > 1 else ""
    return f"{verb} {relations[0]}{more}" if relations else f"{verb} {fingerprint[:6]}"


def _counts(session: Session) -> bool:
    """Parallel workers work for a session that is counted already."""
    return session.kind == "client backend" and (session.state == "active" or session.state.startswith("idle in"))


def _key(session: Session, culprit: Culprit | None) -> str:
    if culprit and _is_of(session, culprit):
        return CULPRIT
    if session.state != "active":
        return IDLE
    return LOCKED if session.wait_type == "Lock" else session.fingerprint or OTHER


def _is_of(session: Session, culprit: Culprit) -> bool:
    if culprit.fingerprint is None:
        return session.pid in culprit.sessions
    return session.fingerprint == culprit.fingerprint


def _from_the_bottom_up(totals: Counter[str]) -> list[str]:
    special = {CULPRIT, LOCKED, IDLE, OTHER}
    busiest = sorted((key for key in totals if key not in special), key=lambda k: (-totals[k], k))
    other = [OTHER] if totals[OTHER] or len(busiest) > _MOST_STATEMENTS else []
    last = [key for key in (LOCKED, IDLE) if totals[key]]
    return [*([CULPRIT] if totals[CULPRIT] else []), *busiest[:_MOST_STATEMENTS], *other, *last]


def _of(key: str, count: Mapping[str, int], own: set[str]) -> int:
    if key != OTHER:
        return count.get(key, 0)
    return count.get(OTHER, 0) + sum(n for k, n in count.items() if k not in own)


def _named(keys: Iterable[str], texts: Mapping[str, str], culprit: Culprit | None) -> Iterator[Layer]:
    fixed = {OTHER: "other statements", LOCKED: "waiting for a lock", IDLE: "idle in transaction"}
    taken: set[str] = set()
    for key in keys:
        if key == CULPRIT and culprit:
            name = label(culprit.query, culprit.fingerprint) if culprit.fingerprint else "the culprit's sessions"
        else:
            name = fixed.get(key) or label(texts.get(key), key)
        name = f"{name} ({key[:4]})" if name in taken else name
        taken.add(name)
        yield Layer(key, name)
