"""The issue summary names the root cause.

What it sees
    A sentence in the issue summary that is labelled as the root cause, or that says what caused the outage.

Why it matters
    The summary is often all that is read; without the cause it reports damage and explains nothing.

What to do
    Give the cause in one sentence, and leave the mechanism to the part on root cause and resolution.

Example
    Fails: The database was slow.
    Passes: Root cause: an index was missing, so that a query read the whole table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.document import Document, Part
from failonce.postmortem.findings import finding

ID = "summary-root-cause"

_CAUSE = re.compile(
    r"\b(?:root )?causes?\b|\bcaused\b|\bdue to\b|\bbecause\b|\bresult(?:ed|ing)? (?:of|from)\b|\btriggered by\b"
    r"|\bled to\b|\boriginated\b|\bstemm?ed\b|\btraced to\b|\bculprit\b|\bwas introduced\b",
    re.IGNORECASE,
)


def check(document: Document) -> Iterator[Finding]:
    if not _CAUSE.search(document.text(Part.SUMMARY)):
        yield finding(
            ID,
            __doc__,
            document.line(Part.SUMMARY),
            message="The issue summary does not name the root cause.",
            instead='Write one sentence: "Root cause: ..."; if it is not known, say "cause not determined".',
        )
