"""Nothing is called entirely normal in an outage that the document measures elsewhere.

What it sees
    "All metrics were stable" or the like, where another line tells of a surge, a spike or something exhausted.

Why it matters
    Both cannot be: either the wrong metrics were looked at, or the right ones were missing. Which, is a lesson.

What to do
    Name the metrics that were looked at, with their values.

Example
    Fails: Considered hardware, but all system metrics were stable. Found a surge in connections.
    Passes: Considered hardware; ruled out: CPU 20 %, disk wait 1 ms, no memory errors. Found a surge in connections.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import finding
from failonce.postmortem.subject import Subject

ID = "all-was-normal"

_NORMAL = re.compile(
    r"\b(?:all|every|everything)\b (?:of )?(?:the |our )?(?:\w+ ){0,2}?(?:metrics?|graphs?|indicators?|dashboards?"
    r"|systems?)(?: \w+)? (?:were|was|looked|appeared|remained|seemed) (?:stable|normal|fine|healthy|green|ok)\b",
    re.IGNORECASE,
)
_ABNORMAL = re.compile(
    r"\b(?:surge|spike|exhaust(?:ed|ion)|satur(?:ated|ation)|overload(?:ed)?|high (?:cpu|memory|latency|load)"
    r"|increased number|excessive number)\b(?: (?:in|of|on) (?:\w+ ){0,2}\w+)?",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(r"\b(?:restored|recovered|resolved|after|confirmed|back|returned|again|now)\b", re.IGNORECASE)


def check(subject: Subject) -> Iterator[Finding]:
    told = list(subject.sentences)
    abnormal = [(s, match[0]) for s in told for match in _ABNORMAL.finditer(s.text)]
    for sentence in told if abnormal else ():
        match = _NORMAL.search(sentence.text)
        if match and not _AFTERWARDS.search(sentence.text):
            where, words = max(abnormal, key=lambda pair: len(pair[1].split()))
            yield finding(
                ID,
                sentence.line,
                message=f'"{match[0]}", yet line {where.line} tells of "{words}".',
                instead="Name the metrics that were looked at, each with its value, and what they rule out.",
                quote=match[0],
            )
