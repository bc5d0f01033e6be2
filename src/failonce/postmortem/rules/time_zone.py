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
from failonce.postmortem.findings import finding
from failonce.postmortem.read.clocks import clocks
from failonce.postmortem.subject import Subject

ID = "time-zone"


def check(subject: Subject) -> Iterator[Finding]:
    met = subject.facts.requirements_met["timezone"]
    if met:
        return
    node, clock = next(((node, clock) for node in subject.told for clock in clocks(node.text)), (None, None))
    time = node.text[clock.start : clock.end] if node and clock else ""
    yield finding(
        ID,
        node.line if node else met.line,
        message=f'The time "{time}" has no time zone.' if time else "No time zone is given anywhere.",
        instead=f'Write "{time or "14:00"} UTC", or the zone the times were taken in.',
        quote=time,
    )
