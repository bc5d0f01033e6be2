"""The timeline's entries on one clock: minutes since midnight of its first day, as far as the document says.

Days are counted where dates are written, else where the clock goes far back. Nothing is known of zones here: entries
are held against entries, and against clocks in the same document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from failonce.postmortem.read import timeline
from failonce.postmortem.read.clocks import begins_with_time, clocks
from failonce.postmortem.read.dates import Date, dates
from failonce.postmortem.read.outline import Node
from failonce.postmortem.read.sections import Sections
from failonce.postmortem.read.zones import find_zone

HALF = 12 * 60
DAY = 2 * HALF
# So far back the clock goes when another day has begun, and not when two entries are out of order.
_NEXT_DAY = 6 * 60
# An entry's own time stands at its front.
_FRONT = 40
_SECONDS = re.compile(r"\d:\d\d:\d\d")
_HALF_SAID = re.compile(r"[ap]\.?\s?m\.?$", re.IGNORECASE)
# Any leap year: days without a year are held against each other only.
_NO_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the timeline that begins with a time of day."""

    node: Node
    minutes: int
    #: The hour says which half of the day it is in, or the entry's range does.
    certain: bool
    #: The day it is written with; None when it carries none.
    day: date | None
    #: The time and the zone as written; empty when there is none.
    written: str
    zone: str

    @property
    def line(self) -> int:
        return self.node.line


def chronology(parts: Sections) -> tuple[Entry, ...]:
    """Return the timed entries in the order in which they are written, lines of a log left out."""
    told = timeline.entries(parts)
    logged = [read for read in told if _SECONDS.search(read.text[:_FRONT])]
    kept = told if 2 * len(logged) > len(told) else [read for read in told if read not in logged]
    return tuple(_numbered(_halved([entry for read in kept for entry in _entry(read)])))


def _entry(read: timeline.Entry) -> Iterator[Entry]:
    """Yield an entry as it is read, when it begins with a time of day."""
    front = read.text[: 2 * _FRONT]
    times = [clock for clock in clocks(front) if clock.start < _FRONT]
    if not times or not begins_with_time(read.text):
        return
    first, minutes, certain = times[0], times[0].minutes, times[0].certain
    if not certain and len(times) > 1 and times[1].start - first.end <= 4 and times[1].certain:
        minutes, certain = minutes % HALF + HALF * (times[1].hour >= 12), True
    near = [_day(day) for day in dates(front[:_FRONT]) if not day.ambiguous]
    zone = find_zone(front[first.end : first.end + 14])
    yield Entry(
        read.node,
        minutes,
        certain,
        near[0] if near else None,
        front[first.start : first.end].strip(),
        zone[0] if zone else "",
    )


def _day(written: Date) -> date | None:
    return written.full or replace(written, year=_NO_YEAR).full


def _halved(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Settle the hours that say neither AM nor PM, where others do or where the clock runs past twelve."""
    said = any(_HALF_SAID.search(entry.written) for entry in entries)
    never_late = all(entry.minutes < 13 * 60 for entry in entries)
    before = 0
    for entry in entries:
        minutes = entry.minutes
        if not entry.certain and before >= HALF > minutes and (said or never_late):
            minutes += HALF
        before = minutes
        yield replace(entry, minutes=minutes)


def _numbered(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Count the days: by the dates where they are written, else by how far the clock goes back."""
    first: date | None = None
    offset, before = 0, 0
    for entry in entries:
        if entry.day:
            same = first is not None and (first.year == _NO_YEAR) == (entry.day.year == _NO_YEAR)
            first = first if same else entry.day
            offset = (entry.day - first).days * DAY if first else 0
        elif entry.minutes + offset < before - _NEXT_DAY:
            offset += DAY
        before = entry.minutes + offset
        yield replace(entry, minutes=before)
