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
from failonce.postmortem.findings import lacking
from failonce.postmortem.subject import Subject
from failonce.postmortem.words import prose_words

ID = "length"

FEWEST_WORDS, MOST_WORDS = 400, 600
# Then nobody needs to know how many of the words are code.
_SURELY_TOO_LONG = 10 * MOST_WORDS


def check(subject: Subject) -> Iterator[Finding]:
    told = subject.facts.words
    words = prose_words(subject.text) if told < _SURELY_TOO_LONG else told
    if FEWEST_WORDS <= words <= MOST_WORDS:
        return
    yield from lacking(
        subject,
        "length_400_600",
        ID,
        message=f"The postmortem is {words} words long, not {FEWEST_WORDS} to {MOST_WORDS}.",
        instead=f"Add {FEWEST_WORDS - words} words or more: measurements, wrong leads, tasks."
        if words < FEWEST_WORDS
        else f"Cut {words - MOST_WORDS} words or more: begin with what no reader acts on.",
    )
