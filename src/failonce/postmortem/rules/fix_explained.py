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

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.document import Document, Part, count_words
from failonce.postmortem.findings import finding

ID = "fix-explained"

_FEWEST_WORDS = 8
_FIX = re.compile(
    r"\b(?:resol(?:ution|ved?|ving)|fix(?:ed|es|ing)?|remed\w+|roll(?:ed|ing)?[- ]?back|revert\w*|restor\w+"
    r"|restart\w*|repair\w*|patch\w*|replac\w+|optimi[sz]\w+|increas\w+|added|chang\w+|correct\w*|updat\w+|applied|recover\w*|mitigat\w+|solv\w+)\b",
    re.IGNORECASE,
)


def check(document: Document) -> Iterator[Finding]:
    told = document.part(Part.CAUSE) or document.part(Part.TIMELINE)
    words = sum(count_words(block.text) for block in told if _FIX.search(block.said))
    if words < _FEWEST_WORDS:
        yield finding(
            ID,
            __doc__,
            document.line(Part.CAUSE),
            message="It is not explained how the outage was fixed.",
            instead="Give the exact change or command, why it helps, and what was measured after it.",
        )
