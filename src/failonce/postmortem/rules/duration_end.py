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

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import lacking
from failonce.postmortem.subject import Subject

ID = "duration-end"

# While it goes on, saying so is the answer.
_ONGOING = re.compile(
    r"\b(?:still (?:on-?going|open|down|failing|in progress)|not (?:yet )?(?:over|recovered|resolved))\b",
    re.IGNORECASE,
)


def check(subject: Subject) -> Iterator[Finding]:
    if subject.says(_ONGOING):
        return
    yield from lacking(
        subject,
        "end",
        ID,
        message="The issue summary does not say when the outage ended.",
        instead='Write "End: 2024-08-15 16:00 UTC", or "Ongoing at ..." while it is not over.',
    )
