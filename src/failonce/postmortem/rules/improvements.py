"""The corrective and preventative measures say what can be improved, broadly.

What it sees
    Text in the part on corrective and preventative measures.

Why it matters
    Tasks repair this outage; what they have in common prevents the next one of its kind.

What to do
    Say in one or two sentences which weakness let the outage happen, last, or stay unseen.

Example
    Fails: (nothing)
    Passes: A dropped index should be noticed before its users are.
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import lacking
from failonce.postmortem.subject import Subject

ID = "improvements"


def check(subject: Subject) -> Iterator[Finding]:
    yield from lacking(
        subject,
        "improvements",
        ID,
        message="Nothing is said about what can be improved.",
        instead="Name the weakness that let the outage happen, last or stay unseen, under Improvements.",
    )
