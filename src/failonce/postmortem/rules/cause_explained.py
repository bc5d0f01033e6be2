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

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.document import Document, Part, count_words
from failonce.postmortem.findings import finding

ID = "cause-explained"

_FEWEST_WORDS = 15
_RESOLUTION = re.compile(r"\b(?:resolution|fix|how it was)\b", re.IGNORECASE)


def check(document: Document) -> Iterator[Finding]:
    told = document.part(Part.CAUSE)
    words = sum(count_words(block.text) for block in told if not _RESOLUTION.search(block.label))
    if words < _FEWEST_WORDS:
        yield finding(
            ID,
            __doc__,
            document.line(Part.CAUSE),
            message=f"The root cause is explained in {words} words." if words else "The root cause is not explained.",
            instead="Tell what triggered it, what was wrong, how that reached the users, and what was measured.",
        )
