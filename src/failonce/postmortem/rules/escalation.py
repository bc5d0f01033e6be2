"""The timeline says to whom the outage was escalated.

What it sees
    An escalation, a page, a call or a notice to a team or person, or a plain statement that there was none.

Why it matters
    Who was called, and when, shows whether the right people could act in time.

What to do
    Name the team or the role, and when it was called; if nobody was, say so and who acted.

Example
    Fails: 14:20 UTC - Others joined.
    Passes: 14:20 UTC - Escalated to the database team.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.document import Document, Part
from failonce.postmortem.findings import finding

ID = "escalation"

_TEAM = (
    r"(?:team|engineers?|developers?|dbas?|administrators?|admins?|sres?|devops|leads?|managers?|on-?call|support"
    r"|vendor|provider)"
)
_ESCALATION = re.compile(
    r"\bescalat\w*|\bpag(?:ed|ing)\b|\bon-?call\b"
    r"|\b(?:notified|alerted|contacted|called|informed|involv\w+|engag\w+|assign\w+|handed|brought in"
    r"|looped in|assembled)\b[^.\n]{0,60}\b" + _TEAM + r"\b"
    r"|\b" + _TEAM + r"\b[^.\n]{0,30}\b(?:was|were|is|are|got) (?:\w+ )?"
    r"(?:notified|alerted|contacted|called|informed|involved|engaged|assigned|brought|looped|assembled)\b",
    re.IGNORECASE,
)


def check(document: Document) -> Iterator[Finding]:
    if not _ESCALATION.search(document.text()):
        yield finding(
            ID,
            __doc__,
            document.line(Part.TIMELINE),
            message="The timeline does not say to whom the outage was escalated.",
            instead='Write "14:20 UTC - Escalated to the database team", or that no team was called and who acted.',
        )
