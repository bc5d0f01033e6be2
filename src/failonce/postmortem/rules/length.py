"""The postmortem is between 400 and 600 words long.

What it sees
    The number of words a reader reads: headings and text, not code blocks and not the front matter.

Why it matters
    Shorter, and parts are missing; longer, and the people who decide do not read it.

What to do
    Cut what no reader acts on, or add the measurements that are missing.

Example
    Fails: 722 words.
    Passes: 480 words.
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.document import Document
from failonce.postmortem.findings import finding

ID = "length"

FEWEST_WORDS, MOST_WORDS = 400, 600


def check(document: Document) -> Iterator[Finding]:
    words = document.words
    if words < FEWEST_WORDS:
        instead = f"Add {FEWEST_WORDS - words} words or more: measurements, wrong leads, tasks."
    elif words > MOST_WORDS:
        instead = f"Cut {words - MOST_WORDS} words or more: begin with what no reader acts on."
    else:
        return
    message = f"The postmortem is {words} words long, not {FEWEST_WORDS} to {MOST_WORDS}."
    yield finding(ID, __doc__, 1, message=message, instead=instead)
