"""A statement under review: as written, who sends it, how often. Of values sent along only what they tell is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from failonce import sqltext


@dataclass(frozen=True, slots=True)
class Place:
    """Where a statement stands: a file and line, and the test that sent it."""

    path: str
    line: int
    test: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """How much of a database a statement takes (source: pg_stat_statements)."""

    calls_per_s: float
    seconds_per_call: float

    @property
    def sessions(self) -> float:
        """How many sessions are at work on it, on average (Little's law)."""
        return self.calls_per_s * self.seconds_per_call


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, by fingerprint, with every place it comes from."""

    #: As it was written: constants stand, parameters are `$n`.
    sql: str
    fingerprint: str
    places: tuple[Place, ...]
    #: A pattern that was sent along began with a wildcard.
    leading_wildcard: bool = False
    #: The largest OFFSET that was sent along; None when none was seen.
    offset: int | None = None
    rate: Rate | None = None
    #: How often it was counted (pg_stat_statements); 0 when nobody counted.
    calls: float = 0.0

    @property
    def shown(self) -> str:
        """The statement as it may be shown to anybody: values as `?`."""
        return sqltext.normalise(self.sql)


def statement(sql: str, place: Place) -> Statement:
    """Return a statement from its text."""
    return Statement(sql, sqltext.fingerprint(sql), (place,))


def merged(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Return each statement once, with all its places, in the order in which they first came."""
    found: dict[str, Statement] = {}
    for each in statements:
        known = found.get(each.fingerprint)
        found[each.fingerprint] = each if known is None else _both(known, each)
    return tuple(found.values())


def _both(known: Statement, again: Statement) -> Statement:
    offsets = [offset for offset in (known.offset, again.offset) if offset is not None]
    return replace(
        known,
        places=tuple(dict.fromkeys((*known.places, *again.places))),
        leading_wildcard=known.leading_wildcard or again.leading_wildcard,
        offset=max(offsets, default=None),
        calls=known.calls + again.calls,
    )
