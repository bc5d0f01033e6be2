"""The facts of one incident, as causes and triggers ask for them: before and during, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from statistics import median

from failonce.diagnose.locks import Root, roots
from failonce.diagnose.part import Part
from failonce.diagnose.queue import Queue, queue
from failonce.diagnose.surge import Surge, surge
from failonce.diagnose.suspect import Sides, Suspect, suspects, witness
from failonce.model.catalog import Catalog, Index, Relation
from failonce.model.diagnosis import Culprit, Evidence, Pointer
from failonce.model.signal import Signal
from failonce.model.snapshot import ReleaseEvent
from failonce.model.window import Window

#: A release this long before the onset came about it.
_ABOUT = timedelta(seconds=60)


class Case:
    """A Window and its Signals, with what they mean to each other."""

    def __init__(self, window: Window, signals: Sequence[Signal], explained: frozenset[str] = frozenset()) -> None:
        """Lay the two sides of the window next to each other; `explained` are statements no longer asked about."""
        self.window = window
        self.signals = signals
        self.explained = explained
        self.before = Part(window.baseline)
        self.during = Part(window.incident)
        self._culprits: dict[str, Culprit] = {}

    def without(self, fingerprint: str) -> Case:
        """Return the same case with one statement explained: what did the rest?"""
        rest = Case(self.window, self.signals, self.explained | {fingerprint})
        rest.before, rest.during = self.before, self.during
        return rest

    @property
    def was_watched(self) -> bool:
        """Tell whether there is a baseline: whether anybody watched before the onset."""
        return bool(self.window.baseline)

    @cached_property
    def suspects(self) -> tuple[Suspect, ...]:
        """The statements that added load, the likeliest first."""
        sides = Sides(self.before, self.during, self.window.onset_at, self._released_at)
        return suspects(sides, self.window.queries, explained=self.explained)

    @property
    def suspect(self) -> Suspect | None:
        """The likeliest of them."""
        return self.suspects[0] if self.suspects else None

    @cached_property
    def surge(self) -> Surge | None:
        """The statement that is called many times as often as before."""
        return surge(self.before, self.during, self.window.queries)

    @cached_property
    def queue(self) -> Queue:
        """All lock waits since the onset."""
        return queue(self.during)

    @cached_property
    def roots(self) -> tuple[Root, ...]:
        """The sessions at the root of the lock queues since the onset, the longest-standing first."""
        return roots(self.during)

    def witness(self, fingerprint: str) -> Suspect:
        """Return what is known of a statement, whether or not it added load: one that waits for a lock adds none."""
        sides = Sides(self.before, self.during, self.window.onset_at, self._released_at)
        return witness(sides, fingerprint, self.window.queries.get(fingerprint))

    def culprit(self, suspect: Suspect) -> Culprit:
        """Return a suspect as the one to be named; many causes ask for the same one."""
        key = suspect.fingerprint
        if key not in self._culprits:
            seen = self.during.releases.get(key)
            self._culprits[key] = Culprit(
                query=suspect.text,
                fingerprint=key,
                relations=self._largest_first(suspect.relations),
                release=seen.most_common(1)[0][0] if seen else None,
                sessions=self.during.pids(key),
            )
        return self._culprits[key]

    def _largest_first(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return relations by size: a scan of the largest is what hurts."""
        sizes = {name: relation.bytes if (relation := self.relation(name)) else 0 for name in names}
        return tuple(sorted(names, key=lambda name: (-sizes[name], name)))

    @cached_property
    def arrivals_factor(self) -> float | None:
        """How many times the requests that arrive now."""
        return ratio(self.during.arrivals_per_s, self.before.arrivals_per_s)

    @cached_property
    def work_factor(self) -> float | None:
        """The median statement's blocks per call, now against before: whether everybody's work changed."""
        now, was = self.during.statements, self.before.statements
        both = [key for key in now if key in was and now[key].calls >= 3 and was[key].calls >= 3]
        factors = [now[key].blocks_per_call / max(was[key].blocks_per_call, 1.0) for key in both]
        return median(factors) if factors else None

    @property
    def catalog(self) -> Catalog | None:
        """The schema as last read."""
        return self.window.catalogs[-1][1] if self.window.catalogs else None

    @property
    def earlier_catalog(self) -> Catalog | None:
        """The schema as read last before the onset, or first of all."""
        known = [c for at, c in self.window.catalogs if at <= self.window.onset_at]
        return known[-1] if known else self.window.catalogs[0][1] if self.window.catalogs else None

    def relation(self, name: str) -> Relation | None:
        """Return a relation's size, whether or not the name has a schema."""
        rows = self.catalog.relations if self.catalog else ()
        return next((r for r in rows if bare(r.name) == bare(name)), None)

    def largest(self, suspect: Suspect) -> Relation | None:
        """Return the largest relation a suspect reads."""
        known = [r for name in suspect.relations if (r := self.relation(name)) is not None]
        return max(known, key=lambda r: r.bytes, default=None)

    @cached_property
    def dropped_indexes(self) -> tuple[Index, ...]:
        """Indexes that were there before the onset and are gone, on relations the suspects read."""
        if self.catalog is None or self.earlier_catalog is None:
            return ()
        there = {index.name for index in self.catalog.indexes if index.valid}
        read = {bare(name) for suspect in self.suspects for name in suspect.relations}
        gone = (i for i in self.earlier_catalog.indexes if i.name not in there and bare(i.relation) in read)
        return tuple(i for i in gone if i.valid)

    @cached_property
    def release_changes(self) -> tuple[tuple[ReleaseEvent, ReleaseEvent], ...]:
        """Each change of release: the one before, the one after.

        A return, after the onset, to what had run before it is somebody's remedy and no change that set anything off.
        """
        events, onset = self.window.releases, self.window.onset_at
        earlier = {event.release for event in events if event.at < onset}
        changes = ((old, new) for old, new in pairwise(events) if old.release != new.release)
        return tuple((old, new) for old, new in changes if new.at <= onset or new.release not in earlier)

    @property
    def _released_at(self) -> datetime | None:
        """When the last release became known, if that was about the onset."""
        changes = [new.at for _, new in self.release_changes if new.at >= self.window.onset_at - _ABOUT]
        return changes[-1] if changes else None

    def evidence(
        self,
        statement: str,
        source: str,
        *,
        now: float | str | None,
        before: float | str | None = None,
        unit: str = "",
        key: str | None = None,
    ) -> Evidence:
        """Return a measurement of this incident, pointing at where it can be measured again."""
        pointer = Pointer(source, self.window.onset_at, self.window.ends_at, key)
        return Evidence(statement, _rounded(now), _rounded(before), unit, pointer)


def ratio(now: float | None, before: float | None) -> float | None:
    """Return now against before; None when either is unknown or before was nothing.

    >>> ratio(30.0, 10.0)
    3.0
    """
    return None if now is None or not before else now / before


def bare(name: str) -> str:
    """Return a relation's name without its schema.

    >>> bare("public.reviews")
    'reviews'
    """
    return name.rsplit(".", 1)[-1].strip('"')


def _rounded(value: float | str | None) -> float | str | None:
    return round(value, 3) if isinstance(value, float) else value
