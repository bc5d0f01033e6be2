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

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.document import Document, Part
from failonce.postmortem.findings import finding

ID = "impact-experience"

_EXPERIENCE = re.compile(
    r"\b(?:slow(?:ly|er|ness|down)?|time[- ]?outs?|timed out|errors?|latenc\w+|delay\w*|unresponsive|respond\w*"
    r"|degrad\w+|fail\w*|unable|could(?:n.t| not)|cannot|can.t|not able|unavailab\w+|inaccessib\w+|intermittent\w*"
    r"|interrupt\w+|denied|refused|rejected|crash\w*|loading|stuck|hang\w*|hung|blank|stale|wrong|lost|missing"
    r"|without access|saw|seeing|experienc\w+|encounter\w+|receiv\w+|prevent\w*|5\d\d)\b",
    re.IGNORECASE,
)


def check(document: Document) -> Iterator[Finding]:
    if not _EXPERIENCE.search(document.text(Part.SUMMARY)):
        yield finding(
            ID,
            __doc__,
            document.line(Part.SUMMARY),
            message="The issue summary does not say what users experienced.",
            instead='Write what they saw: "Pages took 5 s to load, and uploads failed with a 504."',
        )
