"""The timeline tells of the outage that the summary dates.

What it sees
    A timeline of which no entry lies between the stated start and end.

Why it matters
    Summary and timeline are then of two different outages, or one of them has the wrong times, half of the day or zone.

What to do
    Hold both against the logs, and write both in the same zone.

Example
    Fails: From 02:00 to 03:30 UTC. Timeline: 14:00 alert, 14:20 escalated, 15:30 resolved.
    Passes: From 14:00 to 15:30 UTC. Timeline: 14:00 alert, 14:20 escalated, 15:30 resolved.
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem import instants
from failonce.postmortem.chronology import DAY
from failonce.postmortem.findings import finding
from failonce.postmortem.subject import Subject

ID = "timeline-outside"

_FEWEST_ENTRIES = 3
_CLOSE = 15


def check(subject: Subject) -> Iterator[Finding]:
    start, end = instants.start(subject.facts), instants.end(subject.facts)
    length = instants.minutes_between(start, end)
    entries = subject.entries
    dated = subject.has_one_clock and len(entries) >= _FEWEST_ENTRIES
    if not dated or start is None or end is None or not length or not 0 < length < DAY // 2:
        return
    first = instants.time_of_day(str(start.value)) - _CLOSE
    if all((entry.minutes - first) % DAY > length + 2 * _CLOSE for entry in entries):
        told = f"{entries[0].written} to {entries[-1].written}"
        yield finding(
            ID,
            entries[0].line,
            message=f"No entry of the timeline ({told}) lies in the outage from {instants.said(start)}"
            f" to {instants.said(end)}.",
            instead="Hold the summary and the timeline against the logs, and write both in one zone.",
            quote=entries[0].written,
        )
