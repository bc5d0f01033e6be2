"""The timeline says when the outage was detected.

What it sees
    A line that tells of the detection and carries a time.

Why it matters
    The time between the start and the detection is what better monitoring can win.

What to do
    Make the detection an entry of its own in the timeline.

Example
    Fails: We found out later.
    Passes: 14:05 UTC - An alert on response times fired.
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import lacking
from failonce.postmortem.subject import Subject

ID = "when-detected"


def check(subject: Subject) -> Iterator[Finding]:
    yield from lacking(
        subject,
        "when_detected",
        ID,
        message="No line says at what time the outage was detected.",
        instead='Give the detection its own entry: "14:05 UTC - An alert on response times fired."',
    )
