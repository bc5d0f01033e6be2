"""The timeline says what was investigated and done, and on which assumption.

What it sees
    Words for work on the outage: investigated, checked, compared, restarted, rolled back.

Why it matters
    The next person on call learns from what was looked at, in which order and with what result.

What to do
    Give each step an entry: what was looked at or changed, what was assumed, what came of it.

Example
    Fails: 14:10 UTC - The team was working on it.
    Passes: 14:10 UTC - API servers checked, on the assumption that the last release was at fault.
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import lacking
from failonce.postmortem.subject import Subject

ID = "actions-taken"


def check(subject: Subject) -> Iterator[Finding]:
    yield from lacking(
        subject,
        "actions_taken",
        ID,
        message="The timeline does not say what was investigated or done.",
        instead='Give each step an entry: "14:10 UTC - API servers checked, assuming a bad release."',
    )
