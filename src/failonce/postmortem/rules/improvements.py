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
from failonce.postmortem.document import Document, Part, count_words
from failonce.postmortem.findings import finding

ID = "improvements"

_FEWEST_WORDS = 5


def check(document: Document) -> Iterator[Finding]:
    words = sum(count_words(block.said) for block in document.part(Part.MEASURES))
    if words < _FEWEST_WORDS:
        yield finding(
            ID,
            __doc__,
            document.line(Part.MEASURES),
            message="Nothing is said about what can be improved.",
            instead="Name the weakness that let the outage happen, last or stay unseen, under Improvements.",
        )
