"""The timeline says how the outage was detected.

What it sees
    Who or what detected it: a monitoring alert, an engineer who noticed, a customer who complained.

Why it matters
    An outage that customers report first is a gap in the monitoring, and a task.

What to do
    Name the alert with its threshold, or the person or channel the news came by.

Example
    Fails: 14:05 UTC - Outage detected.
    Passes: 14:05 UTC - Monitoring alerted: one answer in twenty took more than 2 s.
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import lacking
from failonce.postmortem.subject import Subject

ID = "how-detected"


def check(subject: Subject) -> Iterator[Finding]:
    yield from lacking(
        subject,
        "how_detected",
        ID,
        message="The timeline does not say how the outage was detected.",
        instead='Name the alert, the person or the channel: "Monitoring alerted: p95 above 2 s."',
    )
