"""Recognise instants, zones and durations in what people write. Expressions only; nothing is converted."""

from __future__ import annotations

import re
from collections.abc import Iterator

_CLOCK = (
    r"(?:[01]?\d|2[0-4])[:h.][0-5]\d(?::[0-5]\d)?(?:[.,]\d{1,6})?(?:\s?[AaPp]\.?[Mm]\b\.?)?|\d{1,2}\s?[AaPp]\.?[Mm]\b"
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DATE = (
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?(?:\s+\d{{4}})?|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?(?:\s+\d{{4}})?"
)

#: A time of day: `14:00`, `2:45 PM`, `7 am`, `14:03:25.4`.
CLOCK = re.compile(rf"(?<![\d.:])(?:{_CLOCK})(?!\d|:\d)")
DATE = re.compile(rf"\b(?:{_DATE})")
#: A zone by name or offset; the abbreviations only in capitals, so that "est." and "met" are words.
ZONE = re.compile(
    r"\b(?:UTC|GMT|[PMCEA][SD]T|CES?T|EES?T|WES?T|BST|WAT|[CEW]AT|SAST|MSK|[IJKSP]ST|PKT|HKT|SGT|A[CEW][SD]T|NZ[SD]T|[PMCE]T)\b"
    r"|\d(?::\d\d)?Z\b|[+-](?:0\d|1[0-4]):?[0-5]\d\b"
    r"|\b(?:Africa|America|Asia|Atlantic|Australia|Europe|Pacific)/[A-Z]\w+"
    r"|\b(?i:(?:Pacific|Mountain|Central|Eastern|African?|European|Indian|Japan|China)[ a-z]{0,20} time)\b"
)
ONGOING = re.compile(
    r"\b(?:on-?going|still (?:open|down|going on|in progress)|not (?:yet )?(?:over|recovered|resolved))\b", re.I
)
_LEADING = re.compile(
    rf"(?P<time>(?:(?:{_DATE})[,T]?\s*(?:at\s+)?)?(?:{_CLOCK})(?:\s*\(?[A-Z]{{1,4}}T?C?\)?(?![a-z]))?|(?:{_DATE}))"
    r"\s*(?:[-–—~:.|,)\]]+\s*)?"
)


def leading(text: str) -> Iterator[tuple[str, str]]:
    """Yield the time a line begins with and the rest; nothing when it begins otherwise.

    >>> list(leading("14:05 UTC: An alert fired."))
    [('14:05 UTC', 'An alert fired.')]
    """
    match = _LEADING.match(text.lstrip("([ "))
    if match:
        yield match["time"].strip(), text.lstrip("([ ")[match.end() :]
