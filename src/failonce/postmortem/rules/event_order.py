"""The outage starts, is detected, is resolved and ends, in this order.

What it sees
    An end before the start, a detection before the start, and a detection after the resolution.

Why it matters
    Time to detect and time to resolve are what the next outage is held against; here one of them comes out negative.

What to do
    Correct the instant that is wrong. If the outage ended by itself before anybody saw it, say so.

Example
    Fails: Start 14:00 UTC. 13:40 UTC - An alert fired. End 13:30 UTC.
    Passes: Start 14:00 UTC. 14:05 UTC - An alert fired. End 15:30 UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem import instants
from failonce.postmortem.chronology import DAY
from failonce.postmortem.findings import finding
from failonce.postmortem.read.facts import Fact
from failonce.postmortem.subject import Subject

ID = "event-order"

_BY_ITSELF = re.compile(
    r"\b(?:self[- ]?heal\w*|(?:by|on) (?:itself|its own)|(?:automatically|spontaneously) (?:recover\w*|resol\w+"
    r"|restor\w+)|recovered? (?:itself|automatically)|noticed (?:only )?(?:later|afterwards))\b",
    re.IGNORECASE,
)
# A warning may well come some minutes before the users feel anything.
_EARLY = 15
# Farther apart, two times without a date are rather of two days.
_SAME_DAY = 8 * 60


def check(subject: Subject) -> Iterator[Finding]:
    facts = subject.facts
    start, end, detected, resolved = instants.start(facts), instants.end(facts), facts.detected_at, facts.resolved_at
    wrong = [*_before(start, end, "the end", "the start")] or [*_before(start, resolved, "the resolution", "the start")]
    yield from wrong
    if not subject.has_one_clock or any(entry.minutes >= DAY for entry in subject.entries):
        return
    if start and detected and not instants.is_dated(detected):
        start = instants.clock_of(start)
    yield from _before(start, detected, "the detection", "the start", by=_EARLY, within=_SAME_DAY)
    if not wrong and not _BY_ITSELF.search(subject.text):
        yield from _before(detected, resolved or end, "the resolution", "the detection", within=_SAME_DAY)


def _before(
    first: Fact | None, second: Fact | None, later: str, earlier: str, *, by: int = 0, within: int = 0
) -> Iterator[Finding]:
    """Yield a finding when the second of two events lies before the first; without dates, only `within` minutes."""
    apart = instants.minutes_between(first, second)
    if first is None or second is None or apart is None or apart >= -by:
        return
    if not instants.is_dated(first) and apart < -within:
        return
    yield finding(
        ID,
        second.line,
        message=f"{later.capitalize()}, {instants.said(second)}, is before {earlier}, {instants.said(first)}"
        f" (line {first.line}).",
        instead=f"Correct {later} or {earlier}; check the day, AM and PM, and the zone of both.",
        quote=second.as_written,
    )
