"""The summary and the timeline give their times in one zone, or in times that fit together.

What it sees
    The same times of day in the summary and in the timeline, with zones that are hours apart.

Why it matters
    14:00 in one zone is not 14:00 in another: whoever searches the logs looks at the wrong hour.

What to do
    Find out in which zone the times were taken, and write that zone in both places.

Example
    Fails: Outage from 14:00 to 15:30 UTC. Timeline: 14:00 GMT+01:00 - An alert fired.
    Passes: Outage from 14:00 to 15:30 UTC. Timeline: 14:00 UTC - An alert fired.
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem import instants
from failonce.postmortem.chronology import DAY, Entry
from failonce.postmortem.findings import finding
from failonce.postmortem.read.facts import Fact
from failonce.postmortem.read.moments import moments
from failonce.postmortem.read.zones import offset_minutes
from failonce.postmortem.subject import Subject

ID = "zones-disagree"


def check(subject: Subject) -> Iterator[Finding]:
    # A timeline in another zone, rightly converted, neither begins nor ends at the same time of day.
    start, end, entries = instants.start(subject.facts), instants.end(subject.facts), subject.entries
    for fact, entry in ((start, entries[0]), (end, entries[-1])) if entries else ():
        zone = next((moment.zone for moment in moments(fact.as_written) if moment.zone), "") if fact else ""
        if fact and zone and _same_clock_elsewhere(fact, zone, entry):
            yield finding(
                ID,
                entry.line,
                message=f"The timeline has {entry.written} {entry.zone}, line {fact.line} has {instants.said(fact)}.",
                instead=f"Write one zone in both: {zone}, or {entry.zone}.",
                quote=f"{entry.written} {entry.zone}",
            )
            return


def _same_clock_elsewhere(fact: Fact, zone: str, entry: Entry) -> bool:
    """Tell the same time of day under another offset."""
    here, there = offset_minutes(zone), offset_minutes(entry.zone) if entry.zone else None
    return (
        None not in (here, there)
        and here != there
        and entry.line != fact.line
        and instants.time_of_day(str(fact.value)) == entry.minutes % DAY
    )
