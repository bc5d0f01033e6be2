"""Dates as people write them: ISO, day or month first, with a month's name, with or without a year.

Which of 05/04/2020 is the month is settled by the document: by another date in it that can be read one way only, by a
weekday, by a month's name, else by what makes the outage shortest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Date:
    """A day; year 0 when none was written."""

    year: int
    month: int
    day: int
    start: int
    end: int
    #: Day and month could be the other way round.
    ambiguous: bool = False
    #: Which of two numbers was taken for the month; None where nothing had to be taken.
    order: str | None = None

    @property
    def full(self) -> date | None:
        """The day in the calendar, if it is one and the year was said."""
        try:
            return date(self.year, self.month, self.day) if self.year else None
        except ValueError:
            return None

    def swapped(self) -> Date:
        """The same digits with the month first."""
        return Date(self.year, self.day, self.month, self.start, self.end, ambiguous=True, order="month first")


_MONTHS = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}
_MONTH = (
    r"(?P<month{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_ORDINAL = r"(?:st|nd|rd|th|rst)?"
_DATE = re.compile(
    r"(?<![\dA-Za-z_/.:-])(?:(?P<y1>(?:19|20)\d{2})[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})(?!\d)"
    r"|(?P<a2>\d{1,2})(?P<sep>[-/.])(?P<b2>\d{1,2})(?P=sep)(?P<y2>(?:19|20)\d{2}|\d{2})(?![\d.])"
    r"|(?P<d3>\d{1,2})"
    + _ORDINAL
    + r"(?:\s?[-–]\s?\d{1,2}"
    + _ORDINAL
    + r")?[\s/.-]{1,2}(?:of\s+)?"
    + _MONTH.format(3)
    + r"(?:[\s,/-]{1,3}(?P<y3>(?:19|20)\d{2}))?"
    r")|\b"
    + _MONTH.format(4)
    + r"\s{0,2}(?:the\s+)?(?P<d4>\d{1,2})"
    + _ORDINAL
    + r"(?!\d|:|\s?[ap]\.?m\b)(?:[\s,]{1,3}(?:of\s+)?(?P<y4>(?:19|20)\d{2}))?",
    re.IGNORECASE,
)


_DIGIT = re.compile(r"\d")


@lru_cache(maxsize=512)
def dates(text: str) -> tuple[Date, ...]:
    """Return the dates in a text, in order; a doubtful order of day and month is day first.

    >>> [(d.year, d.month, d.day) for d in dates("15th August, 2024; Jan 3 to 04/27/2021, 7-13th Nov and 2019-1-17")]
    [(2024, 8, 15), (0, 1, 3), (2021, 4, 27), (0, 11, 7), (2019, 1, 17)]
    """
    if _DIGIT.search(text) is None:
        return ()
    return tuple(found for match in _DATE.finditer(text) if (found := _date(match)) is not None)


def _date(match: re.Match[str]) -> Date | None:
    span = match.span()
    if match["y1"]:
        made = Date(int(match["y1"]), int(match["m1"]), int(match["d1"]), *span)
    elif match["a2"]:
        day, month, year = int(match["a2"]), int(match["b2"]), int(match["y2"])
        year += 2000 if year < 100 else 0
        order = "month first" if month > 12 else "day first"
        if month > 12:
            day, month = month, day
        made = Date(year, month, day, *span, ambiguous=day <= 12 and month <= 12 and day != month, order=order)
    elif match["month3"]:
        made = Date(int(match["y3"] or 0), _month(match["month3"]), int(match["d3"]), *span)
    else:
        made = Date(int(match["y4"] or 0), _month(match["month4"]), int(match["d4"]), *span)
    return made if 1 <= made.month <= 12 and 1 <= made.day <= 31 else None


def _month(name: str) -> int:
    return _MONTHS[name[:3].lower()]


def month_comes_first(found: Iterable[Date]) -> bool | None:
    """Tell a document's habit from its dates that can be read one way only, or that a written month settles.

    >>> [month_comes_first(dates(text)) for text in ("04/27/2021", "05/04/2020, May the 4th, 2020", "1/2/2020")]
    [True, True, None]
    """
    told = list(found)
    named = {(day.month, day.day) for day in told if day.order is None}
    for day in told:
        if day.order is None or day.month == day.day:
            continue
        if not day.ambiguous:
            return day.order == "month first"
        if ((day.day, day.month) in named) != ((day.month, day.day) in named):
            return (day.day, day.month) in named
    return None
