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

from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import lacking
from failonce.postmortem.subject import Subject

ID = "summary-root-cause"


def check(subject: Subject) -> Iterator[Finding]:
    yield from lacking(
        subject,
        "root_cause_in_summary",
        ID,
        message="The issue summary does not name the root cause.",
        instead='Write one sentence: "Root cause: ..."; if it is not known, say "cause not determined".',
    )
