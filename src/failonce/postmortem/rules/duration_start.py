"""The issue summary says when the outage began.

What it sees
    A time of day in the issue summary, or in the opening that stands in for it.

Why it matters
    From the start a reader learns how long users were hit, and finds the same moment in other logs.

What to do
    Give the instant at which users were first affected, which is earlier than the alert, with its date.

Example
    Fails: The outage lasted for two hours.
    Passes: Start: 2024-08-15 14:00 UTC.
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import lacking
from failonce.postmortem.subject import Subject

ID = "duration-start"


def check(subject: Subject) -> Iterator[Finding]:
    yield from lacking(
        subject,
        "start",
        ID,
        message="The issue summary does not say when the outage began.",
        instead='Write its first instant with date and zone: "Start: 2024-08-15 14:00 UTC".',
    )
