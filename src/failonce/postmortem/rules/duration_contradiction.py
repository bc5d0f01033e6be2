"""The stated duration is the time from the start to the end.

What it sees
    A length of the outage in words that differs from its end less its start, by more than people round.

Why it matters
    One of the three is wrong, and every figure made from them - availability, penalties, cost - is wrong with it.

What to do
    Correct the one that is wrong; keep the start and the end, and let the length follow from them.

Example
    Fails: The outage lasted 3 hours, from 14:00 to 15:30 UTC.
    Passes: The outage lasted 90 minutes, from 14:00 to 15:30 UTC.
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem import instants
from failonce.postmortem.chronology import DAY
from failonce.postmortem.durations import Stated, length_text, stated
from failonce.postmortem.findings import finding
from failonce.postmortem.read.facts import Fact
from failonce.postmortem.subject import Subject

ID = "duration-contradiction"


def check(subject: Subject) -> Iterator[Finding]:
    facts = subject.facts
    start, end = instants.start(facts), instants.end(facts)
    counted = instants.minutes_between(start, end)
    known = facts.detected_at, facts.resolved_at
    least = None if counted else instants.minutes_between(*known)
    for length in stated(subject.parts.summary):
        if counted and counted > 0 and not length.agrees(counted):
            yield _finding(length, counted, start, end)
        # Without a start and an end, the outage lasted at least from its detection to its resolution.
        elif least and length.minutes < least < DAY // 2 and not length.agrees(least):
            yield _finding(length, least, *known)


def _finding(length: Stated, counted: int, first: Fact | None, last: Fact | None) -> Finding:
    between = f"from {instants.said(first)} to {instants.said(last)}" if first and last else "counted"
    return finding(
        ID,
        length.node.line,
        message=f'"{length.words}" is stated, but {between} it is {length_text(counted)}.',
        instead=f"Write {length_text(counted)}, or correct the times.",
        quote=length.words,
    )
