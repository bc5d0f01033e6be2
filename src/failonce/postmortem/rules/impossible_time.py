"""Every time and date is one that a clock and a calendar have.

What it sees
    Hours beyond twelve with AM or PM, and days that their month does not have.

Why it matters
    Nobody can tell whether the hour, the half of the day or the month is wrong, and all durations hang on it.

What to do
    Write the time on a 24-hour clock and the date as year, month, day.

Example
    Fails: Start: April 31, 2024, 13:00 AM.
    Passes: Start: 2024-04-30 13:00 UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import finding
from failonce.postmortem.read.dates import dates
from failonce.postmortem.subject import Subject

ID = "impossible-time"

_CLOCK = re.compile(r"(?<![\d:.])(?P<hour>1[3-9]|2[0-3])[:.](?P<minute>[0-5]\d)\s?(?P<half>[ap])\.?m\b", re.IGNORECASE)


def check(subject: Subject) -> Iterator[Finding]:
    for node in subject.parts.all:
        for match in _CLOCK.finditer(node.text):
            hour, minute = int(match["hour"]), match["minute"]
            early = f" or {hour - 12:02}:{minute}" if match["half"].lower() == "a" else ""
            yield finding(
                ID,
                node.line,
                message=f'"{match[0]}" is no time: an hour of the 24-hour clock has no AM or PM.',
                instead=f"Write {hour}:{minute}{early}, without AM and PM.",
                quote=match[0],
            )
        for day in dates(node.text):
            if day.year and day.full is None:
                written = node.text[day.start : day.end]
                yield finding(
                    ID,
                    node.line,
                    message=f'"{written}" is a day that is in no calendar.',
                    instead="Write the date as year, month, day: 2024-04-30.",
                    quote=written,
                )
