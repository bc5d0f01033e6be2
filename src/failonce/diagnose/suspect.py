"""Who might have done it: the statement that took the load, its work now and its work before.

Load comes first, from sampled sessions: a statement that runs counts from its first second, although its statistics
appear only when it ends. Then its work per call: a victim of a full machine does the same work, only slower.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from failonce.diagnose.part import Part, Work
from failonce.sqltext import relations

#: A statement that adds less than this, in sessions, is not what an outage is made of.
_LEAST_LOAD = 0.2
#: Work or duration per call that grew by this factor is another plan or other data, not noise.
CHANGED = 5.0
#: A statement first seen this long before the onset, or later, is new.
_NEW_WITHIN = timedelta(seconds=60)
#: Calls that tell what a statement does.
_KNOWN = 3
#: How late a release may become known that was at work before: a scrape and a sample.
_LATE = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Sides:
    """The two sides of an onset."""

    before: Part
    during: Part
    onset_at: datetime
    #: When another release became known about the onset, if one did.
    released_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Suspect:
    """One statement that took more of the database since the onset."""

    fingerprint: str
    text: str | None
    load_before: float
    load: float
    #: Its part of the load that was added and is not explained by another, 0..1.
    share: float
    #: Its part of all load that was added, 0..1.
    share_of_all: float
    #: Its finished work since the onset, and what it was before (or ever, where nobody watched before).
    now: Work | None
    was: Work | None
    #: Never seen before about the onset; None when that cannot be known.
    is_new: bool | None
    first_seen_at: datetime | None
    oldest_s: float
    oldest_before_s: float

    @property
    def relations(self) -> tuple[str, ...]:
        """The tables it names."""
        return relations(self.text) if self.text else ()

    @property
    def blocks_factor(self) -> float | None:
        """How many times the blocks per call it reads now."""
        if self.now is None or self.was is None:
            return None
        return self.now.blocks_per_call / max(self.was.blocks_per_call, 1.0)

    @property
    def has_changed(self) -> bool:
        """Tell whether its own work is another than before, so that it is no mere victim."""
        if self.is_new:
            return True
        if self.blocks_factor is not None:
            return self.blocks_factor >= CHANGED
        return self.oldest_s >= CHANGED * max(self.oldest_before_s, 0.1)


def suspects(sides: Sides, queries: Mapping[str, str], *, explained: frozenset[str]) -> tuple[Suspect, ...]:
    """Return the statements that added load, those whose own work changed first, then by load.

    Those explained already are left out; the shares of the others are of what is left, and of all.
    """
    added = {key: load - sides.before.load.get(key, 0.0) for key, load in sides.during.load.items()}
    of_all = sum(more for more in added.values() if more > 0)
    of_rest = sum(more for key, more in added.items() if more > 0 and key not in explained)
    found = (
        _suspect(sides, key, queries.get(key), share=more / of_rest, share_of_all=more / of_all)
        for key, more in added.items()
        if more >= _LEAST_LOAD and key not in explained
    )
    return tuple(sorted(found, key=lambda s: (not s.has_changed, -s.share, s.fingerprint)))


def witness(sides: Sides, key: str, text: str | None) -> Suspect:
    """Return what is known of a statement that need not have added any load."""
    return _suspect(sides, key, text, share=0.0, share_of_all=0.0)


def _suspect(sides: Sides, key: str, text: str | None, *, share: float, share_of_all: float) -> Suspect:
    before, during = sides.before, sides.during
    latest = during.latest.get(key) or before.latest.get(key)
    now, was = during.statements.get(key), before.statements.get(key)
    return Suspect(
        fingerprint=key,
        text=text,
        load_before=before.load.get(key, 0.0),
        load=during.load.get(key, 0.0),
        share=share,
        share_of_all=share_of_all,
        now=now,
        was=was or during.lifetime.get(key),
        is_new=None if latest is None else _is_new(latest.first_seen_at, sides) and not _did_other_work(now, was),
        first_seen_at=None if latest is None else latest.first_seen_at,
        oldest_s=during.oldest_s.get(key, 0.0),
        oldest_before_s=before.oldest_s.get(key, 0.0),
    )


def _is_new(first_seen_at: datetime | None, sides: Sides) -> bool:
    """Tell whether a statement appeared about the onset; one that was there before a release came not with it."""
    if first_seen_at is None or first_seen_at < sides.onset_at - _NEW_WITHIN:
        return False
    return sides.released_at is None or first_seen_at >= sides.released_at - _LATE


def _did_other_work(now: Work | None, was: Work | None) -> bool:
    """Tell whether a statement ran before the onset and was good then: what brought it brought no outage."""
    if now is None or was is None or was.calls < _KNOWN:
        return False
    return now.blocks_per_call >= CHANGED * max(was.blocks_per_call, 1.0)
