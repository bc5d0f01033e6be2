"""The root cause is explained in detail.

What it sees
    Fifteen words or more, in the part on root cause and resolution, that are not about the resolution.

Why it matters
    A name is no explanation: only the way from the cause to what users met shows what to prevent.

What to do
    Tell what triggered it, what was wrong, how that worked, and what users met, with measurements.

Example
    Fails: Root cause: a slow query.
    Passes: The index was gone, so each call read 13,500 blocks instead of 13, and held a connection for 1.1 s.
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import lacking
from failonce.postmortem.subject import Subject
from failonce.postmortem.words import count_words

ID = "cause-explained"


def check(subject: Subject) -> Iterator[Finding]:
    words = sum(count_words(node.text) for node in subject.parts.cause)
    yield from lacking(
        subject,
        "cause_explained",
        ID,
        message=f"The root cause is told in {words} words, and not explained."
        if words
        else "The root cause is not explained.",
        instead="Tell what triggered it, what was wrong, how that reached the users, and what was measured.",
    )
