"""Time zones as people write them: `UTC`, `(EAT)`, `GMT-5`, `Eastern time`, `+0100`, and what they are worth.

Taken literally: EST is UTC-5 in July as well. Of abbreviations with several meanings the one most used in incident
reports is taken; `ambiguous` says which those are.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

#: Minutes east of Greenwich.
_MINUTES = {
    "UTC": 0, "GMT": 0, "WET": 0, "Z": 0,
    "EST": -300, "EDT": -240, "ET": -300, "CST": -360, "CDT": -300, "CT": -360,
    "MST": -420, "MDT": -360, "MT": -420, "PST": -480, "PDT": -420, "PT": -480, "AKST": -540, "HST": -600,
    "BST": 60, "WEST": 60, "CET": 60, "CEST": 120, "EET": 120, "EEST": 180, "MSK": 180, "TRT": 180,
    "WAT": 60, "CAT": 120, "EAT": 180, "SAST": 120, "AST": -240, "ADT": -180, "BRT": -180, "ART": -180, "COT": -300,
    "IST": 330, "PKT": 300, "NPT": 345, "GST": 240, "ICT": 420, "WIB": 420, "SGT": 480, "HKT": 480, "PHT": 480,
    "JST": 540, "KST": 540, "AEST": 600, "AEDT": 660, "ACST": 570, "AWST": 480, "NZST": 720, "NZDT": 780,
}  # fmt: skip
_NAMES = {
    "eastern": -300, "central": -360, "mountain": -420, "pacific": -480, "east africa": 180, "east african": 180,
    "west africa": 60, "west african": 60, "central africa": 120, "central african": 120, "south africa": 120,
    "south african": 120, "central european": 60, "eastern european": 120, "western european": 0, "indian": 330,
    "india": 330, "japan": 540, "moscow": 180, "singapore": 480, "british summer": 60, "greenwich": 0, "nigerian": 60,
    "nigeria": 60, "kenyan": 180, "kenya": 180, "ghana": 0, "egypt": 120, "colombia": -300, "colombian": -300,
    "kigali": 120, "addis ababa": 180, "kampala": 180, "lagos": 60,
    "nairobi": 180, "accra": 0, "cairo": 120, "london": 0, "new york": -300, "bogota": -300,
}  # fmt: skip
_ABBREVIATION = "|".join(sorted((name for name in _MINUTES if len(name) > 2), key=len, reverse=True))
_NAME = "|".join(sorted(_NAMES, key=len, reverse=True))
ZONE = (
    rf"(?:(?:UTC|GMT)\s?[+-]\d{{1,2}}(?!\d)(?::?[0-5]\d)?|\b(?:{_ABBREVIATION})\b"
    rf"|\b(?i:{_NAME})(?i:(?: (?:standard|daylight|mean))? time\b)|\b(?i:greenwich|greenwitch)\b"
    r"|(?:(?<=[\dMm.] )|(?<=\d)|(?<=[\dMm.] \())(?:ET|CT|MT|PT)\b|(?<=[\dMm] )(?i:utc|gmt|wat|eat|est|pst|cet)\b"
    r"|(?<=\()[A-Z][a-z]{2,20} [Tt]ime(?=\))"
    r"|(?i:coordinated universal time|local time)|(?<=\d)Z\b|(?<=\d)\+(?:0\d|1[0-4]):?[0-5]\d\b"
    r"|(?<=:\d\d:\d\d)-(?:0\d|1[0-2]):?[0-5]\d\b"
    r"|\b(?:Africa|America|Asia|Atlantic|Australia|Europe|Pacific)/[A-Z][A-Za-z_]+)"
)
_FIND = re.compile(ZONE)
_OFFSET = re.compile(r"([+-])\s?(\d{1,2}):?(\d{2})?")


@lru_cache(maxsize=512)
def find_zone(text: str) -> re.Match[str] | None:
    """Return where a text first names a zone.

    >>> find_zone("all times in Eastern time")[0], find_zone("no zone EAThere")
    ('Eastern time', None)
    """
    return _FIND.search(text)


def offset_minutes(zone: str, day: date | None = None) -> int | None:
    """Return how far east of Greenwich a zone's clocks are; None when its name does not say.

    >>> offset_minutes("GMT-5"), offset_minutes("EAT"), offset_minutes("+0530"), offset_minutes("local time")
    (-300, 180, 330, None)
    >>> offset_minutes("Pacific Time", date(2020, 5, 10)), offset_minutes("PST", date(2020, 5, 10))
    (-420, -480)
    """
    saved = 60 if day is not None and _SEASONAL.fullmatch(zone.strip(" ()")) and _is_summer(day) else 0
    east = _offset(zone)
    return east if east is None else east + saved


#: Names that follow the season; `PST` says which half of the year it means, rightly or not.
_SEASONAL = re.compile(r"[ECMP]T|(?i:eastern|central|mountain|pacific) time", re.IGNORECASE)


def _is_summer(day: date) -> bool:
    """Daylight saving time in the United States since 2007: second Sunday of March to first Sunday of November."""
    return _sunday(day.year, 3, 8) <= day < _sunday(day.year, 11, 1)


def _sunday(year: int, month: int, day: int) -> date:
    first = date(year, month, day)
    return first + timedelta(days=(6 - first.weekday()) % 7)


def _offset(zone: str) -> int | None:
    name = zone.strip(" ()").upper()
    if name in _MINUTES:
        return _MINUTES[name]
    offset = _OFFSET.search(name)
    if offset:
        hours, minutes = int(offset[2]), int(offset[3] or 0)
        return (hours * 60 + minutes) * (1 if offset[1] == "+" else -1) if hours <= 14 else None
    low = zone.strip(" ()").lower()
    return 0 if "universal" in low else next((east for words, east in _NAMES.items() if low.startswith(words)), None)
