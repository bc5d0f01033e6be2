"""The issue summary says when the outage ended, or that it has not.

What it sees
    A second time of day in the issue summary, or a plain statement that the outage is still going on.

Why it matters
    Without an end nobody can tell how long the outage was, nor whether it is over.

What to do
    Give the instant at which the last user was served normally again; while there is none, say so and since when.

Example
    Fails: It began at 14:00 UTC and lasted a while.
    Passes: End: 2024-08-15 16:00 UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from failonce.model.finding import Finding
from failonce.postmortem import times
from failonce.postmortem.document import Document, Part
from failonce.postmortem.findings import finding

ID = "duration-end"


def check(document: Document) -> Iterator[Finding]:
    summary = document.text(Part.SUMMARY)
    instants = islice(times.CLOCK.finditer(summary), 2)
    if sum(1 for _ in instants) < 2 and not times.ONGOING.search(summary):
        yield finding(
            ID,
            __doc__,
            document.line(Part.SUMMARY),
            message="The issue summary does not say when the outage ended.",
            instead='Write "End: 2024-08-15 16:00 UTC", or "Ongoing at ..." while it is not over.',
        )
