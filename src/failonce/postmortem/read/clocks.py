"""Times of day as people write them: `14:05`, `2:45 p.m.`, `0300hrs`, `8.35 AM`, `3:AM`, `noon`, and ranges of them.

A clock is hour and minute and whether the half of the day was said; which day it was is `moments`' business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day."""

    hour: int
    minute: int
    #: False for `1:19`, which may be in the morning or the afternoon where its neighbours say AM and PM.
    certain: bool
    #: AM or PM was written.
    half: bool
    start: int
    end: int

    @property
    def minutes(self) -> int:
        """Minutes since midnight."""
        return self.hour * 60 + self.minute

    def __str__(self) -> str:
        return f"{self.hour:02}:{self.minute:02}"


_HALF = r"(?P<half{0}>[AaPp])\.?\s?[Mm]\b\.?"
_TIME = (
    r"(?:(?P<h1>[01]?\d|2[0-4])\s?:\s?(?P<m1>[0-5]\d)(?::[0-5]\d(?:[.,]\d{1,9})?)?(?!\d)(?:\s?(?:"
    + _HALF.format(1)
    + r"|(?:hrs?|hours?|h)\b))?"
    r"|(?P<h2>\d{1,2})\.(?P<m2>[0-5]\d)\s?"
    + _HALF.format(2)
    + r"|(?P<h3>\d{1,2})\s?:?\s?"
    + _HALF.format(3)
    + r"|(?P<h4>[01]\d|2[0-4])(?P<m4>[0-5]\d)\s?(?:hrs?\b|hours?\b|h\b|(?=\s?(?:UTC|GMT|Z)\b))"
    r"|(?P<h5>[01]?\d|2[0-3])h(?P<m5>[0-5]\d)\b"
    r"|(?P<h6>[01]\d|2[0-3])\.(?P<m6>[0-5]\d)(?=\s?(?:hrs?|hours?|UTC|GMT|[A-Z]{1,4}T\b|(?:to|until"
    r"|and|-|–)\s?\d\d\.[0-5]\d\b))"
    r"|(?i:at |from |around |about |until |till |by |to |^)(?P<word>(?i:noon|midday|midnight))\b)"
)
_CLOCK = re.compile(
    r"(?<![\d.,:$#/\w-])(?<!\d[/-])"
    + _TIME
    + "|(?<=\\dT)(?P<h7>[01]\\d|2[0-3]):(?P<m7>[0-5]\\d)|(?<=[-–—~T])"
    + _TIME.replace("?P<", "?P<x")
)
#: `4pm to 6 GMT`, `from 10 to 11:30 AM`: the bare hour of a range.
_TO_BARE = re.compile(
    r"\s*(?:to|until|till|-|–|—|and)\s*(?P<hour>\d{1,2})(?=\s*(?:\(?(?:UTC|GMT|[A-Z]{2,4}T)\b|[.,;]?\s*$))"
)
_LEADING = re.compile(
    r"[\s\[(*_`~-]{0,6}(?:at\s+|on\s+|from\s+|by\s+|around\s+|about\s+|approximately\s+|between\s+|~\s?)?",
    re.IGNORECASE,
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_LEADING_DATE = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},?\s+(?:the\s+)?)?"
    rf"(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}|\d{{1,2}}(?:st|nd"
    rf"|rd|th)?(?:\s?[-–]\s?\d{{1,2}}(?:st|nd|rd|th)?)?[\s/.-]{1, 2}(?:of\s+)?{_MONTH}(?![a-z])"
    rf"|{_MONTH}\s+(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th|rst)?\b(?!:|\s?[ap]m))",
    re.IGNORECASE,
)


_DIGIT = re.compile(r"\d")
_MAY_TELL = re.compile(r"\d|noon|midday|midnight", re.IGNORECASE)


@lru_cache(maxsize=512)
def clocks(text: str) -> tuple[Clock, ...]:
    """Return the times of day in a text, in order.

    >>> [str(c) for c in clocks("8.35 AM until 9 p.m., 0300hrs, 12 AM, 3:AM; version 1.14.0 of 2021")]
    ['08:35', '21:00', '03:00', '00:00', '03:00']
    """
    found: list[Clock] = []
    if _MAY_TELL.search(text) is None:
        return ()
    for match in _CLOCK.finditer(text):
        clock = _clock(match)
        if clock is None:
            continue
        found.append(clock)
        bare = _TO_BARE.match(text, match.end())
        if bare and int(bare["hour"]) < 24:
            hour = int(bare["hour"])
            if clock.hour >= 12 and hour < 12:
                hour += 12
            found.append(Clock(hour, 0, certain=True, half=False, start=bare.start("hour"), end=bare.end()))
    return tuple(found)


def _clock(match: re.Match[str]) -> Clock | None:
    said = {name.lstrip("x").rstrip("1234567"): value for name, value in match.groupdict().items() if value}
    start, end = match.span()
    if "word" in said:
        start += match[0].lower().find(said["word"].lower())
        return Clock(0 if said["word"].lower() == "midnight" else 12, 0, certain=True, half=False, start=start, end=end)
    hour, minute = int(said["h"]), int(said.get("m", 0))
    half = said.get("half", "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 24 or (hour == 24 and minute) or (half == "a" and hour > 12):
        return None
    certain = bool(half) or hour == 0 or hour > 12
    return Clock(hour % 24, minute, certain=certain, half=bool(half), start=start, end=end)


@lru_cache(maxsize=512)
def begins_with_time(text: str) -> bool:
    """Tell whether a line opens with a time of day or a date.

    >>> [begins_with_time(line) for line in ("- **14:05 UTC**: alert", "At 3:15 PM a user", "The 5xx rate")]
    [True, True, False]
    """
    lead = _LEADING.match(text[:80])
    rest = text[lead.end() if lead else 0 :][:60]
    if not rest or _DIGIT.search(rest, 0, 40) is None:
        return False
    date = _LEADING_DATE.match(rest)
    if date:
        return True
    first = _CLOCK.match(rest)
    return first is not None and _clock(first) is not None
