"""The times of the outage carry their time zone.

What it sees
    A time zone's name, abbreviation or offset in the issue summary or the timeline.

Why it matters
    A time without a zone is a different moment for every reader, and cannot be matched with logs in UTC.

What to do
    Write the zone after the first times of the summary and of the timeline; UTC is understood everywhere.

Example
    Fails: From 14:00 to 16:00.
    Passes: From 14:00 to 16:00 UTC.
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem import times
from failonce.postmortem.document import Document, Part
from failonce.postmortem.findings import finding

ID = "time-zone"


def check(document: Document) -> Iterator[Finding]:
    for block in document.blocks:
        if times.ZONE.search(block.said):
            return
    bare = next((b for b in document.blocks if times.CLOCK.search(b.text)), None)
    clock = times.CLOCK.search(bare.text) if bare else None
    time = clock[0].strip() if clock else "14:00"
    yield finding(
        ID,
        __doc__,
        bare.line if bare else document.line(Part.SUMMARY),
        message=f'The time "{time}" has no time zone.' if clock else "No time zone is given anywhere.",
        instead=f'Write "{time} UTC", or the zone the times were taken in.',
    )
