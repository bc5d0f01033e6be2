"""A release that is blamed has a time, or a name by which its time can be found.

What it sees
    A root cause that came with "the latest deployment", and no line that says when that was, or which one.

Why it matters
    Only what was deployed before the outage began can have caused it, and only a named release can be kept from return.

What to do
    Give the release's version or commit, and put its deployment into the timeline.

Example
    Fails: The query was introduced in the latest code deployment.
    Passes: The query was introduced in v2.14, deployed at 13:58 UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.causes import blamed_release
from failonce.postmortem.findings import finding
from failonce.postmortem.read.clocks import clocks
from failonce.postmortem.read.dates import dates
from failonce.postmortem.subject import Subject
from failonce.postmortem.terms import brief

ID = "release-untimed"

_DEPLOYED = re.compile(
    r"\b(?:deploy\w*|releas\w+|ship\w*|merg\w+|roll(?:ed|s)? out|roll-?out|push\w*|went live|appl(?:y|ied)|install\w*"
    r"|upgrad\w+|updat\w+|chang\w+|commit\w*)\b",
    re.IGNORECASE,
)
# What is said of a release later on: that it was looked at, or taken back.
_LATER = re.compile(
    r"\b(?:roll\w*[- ]?back|revert\w*|identif\w+|suspect\w*|review\w*|investigat\w+|focus\w*|checking|hotfix|fix\w*"
    r"|patch\w*|potential|caus\w+)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\bv?\d+\.\d+|\bv\d+\b|\b(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b|#\d+|\b[A-Z]{2,10}-\d+\b")
_AGO = re.compile(
    r"\b(?:yesterday|(?:minutes?|hours?|days?|weeks?) (?:before|earlier|ago|prior)|the (?:day|week|night) before)\b",
    re.IGNORECASE,
)


def check(subject: Subject) -> Iterator[Finding]:
    blamed = blamed_release(subject)
    if blamed is None or any(_tells_when(sentence.text) for sentence in subject.sentences):
        return
    words, sentence = blamed
    yield finding(
        ID,
        sentence.line,
        message=f'Nothing says which release is meant by "{brief(words)}", or when it was deployed.',
        instead="Name its version or commit here, and give its deployment a line of the timeline.",
        quote=words,
    )


def _tells_when(sentence: str) -> bool:
    """Tell whether a sentence dates a deployment, or names it."""
    if not _DEPLOYED.search(sentence):
        return False
    named = _NAMED.search(sentence) or _AGO.search(sentence)
    return bool(named or ((clocks(sentence) or dates(sentence)) and not _LATER.search(sentence)))
