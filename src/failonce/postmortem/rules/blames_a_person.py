"""No person is blamed.

What it sees
    Human error given as a reason, and people who forgot, neglected, failed to or should have.

Why it matters
    People who fear blame hide what happened; and a system that one slip brings down fails again with the next person.

What to do
    Say what let the slip through: the missing check, the misleading screen, the step that nothing guarded.

Example
    Fails: The engineer forgot to renew the certificate.
    Passes: Nothing warned that the certificate would expire: its renewal depended on one person's memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import finding
from failonce.postmortem.subject import Subject
from failonce.postmortem.terms import brief

ID = "blames-a-person"

_PERSON = (
    r"(?:(?:an?|the|our|one) (?:[\w-]+ ){0,2}(?:engineer|developer|programmer|admin(?:istrator)?|operator|intern"
    r"|employee|technician|contractor|colleague|dba|sysadmin)(?: on[- ](?:duty|call))?|someone|somebody|s?he)"
)
_SLIP = (
    r"(?:forgot\b|neglected\b|failed to\b|should have\b|overlooked\b|did(?: not|n.t) bother"
    r"|(?:accidentally|mistakenly|carelessly|negligently|wrongly|erroneously) \w+|never (?:switched|checked|tested"
    r"|bothered))"
)
_BLAME = re.compile(
    rf"\b{_PERSON} (?:\w+ ){{0,2}}?{_SLIP}"
    r"|\b(?:due to|because of|caused by|result of|was|came from|attributed to|traced to) (?:an? |the )?(?:\w+ )?"
    r"(?:human|operator|engineer) (?:error|mistake|negligence)"
    r"|\b(?:carelessness|incompeten(?:ce|t)|negligence|sloppiness)\b"
    rf"|\b(?:{_PERSON})['’]s (?:fault|mistake|negligence|carelessness)\b",
    re.IGNORECASE,
)


def check(subject: Subject) -> Iterator[Finding]:
    for sentence in subject.sentences:
        match = _BLAME.search(sentence.text)
        if match:
            yield finding(
                ID,
                sentence.line,
                message=f'"{brief(match[0])}" blames a person.',
                instead="Say what let it through: which check was missing, what was misleading, what nothing guarded.",
                quote=match[0],
            )
