"""The issue summary says what percent of the users was affected.

What it sees
    A percentage beside users in the issue summary, or a plain statement that it is not known and why.

Why it matters
    How bad an outage was, and what its prevention may cost, depends on how many people it met.

What to do
    Write the percentage of users. If only requests are counted, give theirs and say that users are not counted.

Example
    Fails: Many users were affected.
    Passes: 75 % of the users were affected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.document import Document, Part
from failonce.postmortem.findings import finding

ID = "impact-percent"

_USERS = r"(?:users?|customers?|clients?|visitors?|people|everyone|accounts?|members?|subscribers?|tenants?|students?)"
_PERCENT = re.compile(
    r"\d\s?(?:%|per ?cent\b)[^.\n]{0,80}\b" + _USERS + r"\b|\b" + _USERS + r"\b[^.\n]{0,80}?\d\s?(?:%|per ?cent\b)"
    r"|\b(?:all|every|100 ?%|none|half|a third|a quarter|no)(?: of)?(?: the| our)?(?: \w+)? " + _USERS + r"\b"
    r"|\b" + _USERS + r" (?:are|is|were|was) not (?:counted|known|measured)\b",
    re.IGNORECASE,
)
_ANY = re.compile(r"\d+(?:\.\d+)?\s?(?:%|per ?cent\b)[^.\n]{0,40}", re.IGNORECASE)


def check(document: Document) -> Iterator[Finding]:
    summary = document.text(Part.SUMMARY)
    if _PERCENT.search(summary):
        return
    other = _ANY.search(summary)
    yield finding(
        ID,
        __doc__,
        document.line(Part.SUMMARY),
        message=f'"{other[0].strip()}" is not a percentage of users.'
        if other
        else "The issue summary does not say what percent of the users was affected.",
        instead='Write "75 % of the users were affected", or that users are not counted and what is known instead.',
    )
