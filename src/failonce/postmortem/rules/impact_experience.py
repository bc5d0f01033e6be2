"""The issue summary says what users experienced.

What it sees
    Words for what met a user: slow pages, errors, timeouts, things they could not do. "Down" alone is not enough.

Why it matters
    The same outage is a nuisance or a loss, depending on what users saw and could not do.

What to do
    Tell what a user saw and for how long, with numbers: response times, error codes, failed actions.

Example
    Fails: The service was down.
    Passes: Pages took 5 s to load, and uploading a recipe failed with a 504.
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import lacking
from failonce.postmortem.subject import Subject

ID = "impact-experience"


def check(subject: Subject) -> Iterator[Finding]:
    yield from lacking(
        subject,
        "impact_experience",
        ID,
        message="The issue summary does not say what users experienced.",
        instead='Write what they saw: "Pages took 5 s to load, and uploads failed with a 504."',
    )
