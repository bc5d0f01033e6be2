"""The fix is explained in detail.

What it sees
    In the part on root cause and resolution, what was done to end the outage, or why nothing was.

Why it matters
    Whoever meets the outage again wants to repeat the fix, and to know what it costs and how to undo it.

What to do
    Give the exact change or command, why it helps, and how it was seen to help.

Example
    Fails: It was then fixed.
    Passes: CREATE INDEX CONCURRENTLY on reviews (recipe_id) brought the cost from 19,897 to 13.6.
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import lacking
from failonce.postmortem.subject import Subject

ID = "fix-explained"


def check(subject: Subject) -> Iterator[Finding]:
    yield from lacking(
        subject,
        "fix_explained",
        ID,
        message="It is not explained how the outage was fixed.",
        instead="Give the exact change or command, why it helps, and what was measured after it.",
    )
