"""Instants in a text: each time of day with the day and the zone that go with it.

A time takes the date written next to it, else the last one before it; the zone written after it, else the next one in
the same text. What is only known from elsewhere in the document is filled in by who knows where that is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

from failonce.postmortem.read.clocks import Clock, clocks
from failonce.postmortem.read.dates import Date, dates
from failonce.postmortem.read.zones import ZONE, offset_minutes


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of day, with what is known of its day and zone."""

    clock: Clock
    day: Date | None
    zone: str
    start: int
    end: int
    as_written: str
    #: The date stands next to the time, not merely before it.
    dated: bool = False

    @property
    def local(self) -> str:
        """The instant without its zone: `2024-06-05T14:00`, or `T14:00` when the day is not known."""
        full = self.day.full if self.day else None
        return f"{full.isoformat() if full else ''}T{self.clock}"

    @property
    def absolute(self) -> str | None:
        """The instant with its zone, when day and zone are known."""
        full = self.day.full if self.day else None
        east = offset_minutes(self.zone, full) if self.zone else None
        if full is None or east is None:
            return None
        zone = UTC if east == 0 else timezone(timedelta(minutes=east))
        instant = datetime(full.year, full.month, full.day, self.clock.hour, self.clock.minute, tzinfo=zone)
        return instant.isoformat(timespec="minutes")

    def on(self, day: date) -> Moment:
        """The same time on a given day."""
        return replace(self, day=Date(day.year, day.month, day.day, 0, 0))


_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[,.]?)"
_AFTER_DATE = re.compile(
    rf"(?:[\s,@T(|:–—-]|\bat\b|\baround\b|\bon\b|\bfrom\b|\bstarting\b|\babout\b|\broughly\b"
    rf"|\bapproximately\b|\bbetween\b|\bthe\b|\bstart\b|\btime\b|{_WEEKDAY})*",
    re.IGNORECASE,
)
_BEFORE_DATE = re.compile(
    rf"(?:[\s,(|)–-]|{ZONE}|\b(?i:on|of|the|time)\b|(?i:{_WEEKDAY}))*",
)
_ZONE_AFTER = re.compile(rf"[\s,(\[]{{0,4}}(?:{ZONE})")
_ZONE = re.compile(ZONE)
_GAP = 42


@lru_cache(maxsize=512)
def moments(text: str) -> tuple[Moment, ...]:
    """Return the instants of a text in order.

    >>> [m.absolute for m in moments("from 10:00 PM (UTC) on April 15, 2024, until 2:00 AM on April 16, 2024")]
    ['2024-04-15T22:00+00:00', '2024-04-16T02:00+00:00']
    """
    times, days = clocks(text), dates(text)
    zones = list(_ZONE.finditer(text)) if times else []
    found: list[Moment] = []
    used: set[int] = set()
    for clock in times:
        day, dated = _day(text, clock, days, used)
        if day is not None and dated:
            used.add(day.start)
        zone, end = _zone(text, clock, zones)
        start = min(clock.start, day.start) if day and dated else clock.start
        end = max(end, day.end) if day and dated else end
        found.append(Moment(clock, day, zone, start, end, " ".join(text[start:end].split()), dated))
    return tuple(found)


def _day(text: str, clock: Clock, days: Sequence[Date], used: set[int]) -> tuple[Date | None, bool]:
    """Return the date of a time, and whether it stands next to it."""
    before = next((d for d in reversed(days) if d.end <= clock.start), None)
    after = next((d for d in days if d.start >= clock.end), None)
    near = (
        before is not None and clock.start - before.end < _GAP and _fills(_AFTER_DATE, text[before.end : clock.start])
    )
    follows = (
        after is not None and after.start - clock.end < _GAP and _fills(_BEFORE_DATE, text[clock.end : after.start])
    )
    if near and before is not None and not (follows and before.start in used):
        return before, True
    if follows:
        return after, True
    return (before or after), False


def _fills(pattern: re.Pattern[str], gap: str) -> bool:
    return pattern.fullmatch(gap) is not None


def _zone(text: str, clock: Clock, zones: Sequence[re.Match[str]]) -> tuple[str, int]:
    """Return the zone of a time and where both end."""
    own = _ZONE_AFTER.match(text, clock.end)
    if own:
        return own[0].strip(" ,(["), own.end()
    later = next((z for z in zones if z.start() >= clock.end), None)
    nearest = later or (zones[-1] if zones else None)
    return (nearest[0].strip(), clock.end) if nearest else ("", clock.end)
