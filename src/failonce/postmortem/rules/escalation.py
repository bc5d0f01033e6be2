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
from failonce.postmortem.findings import lacking
from failonce.postmortem.subject import Subject

ID = "escalation"

# "Escalated: to ...", and that nobody was called, are answers too.
_PLAINLY = re.compile(
    r"\bescalated:? to (?:the )?\w|\bnot escalated\b|\b(?:nobody|no ?one|no team)\b[^.]{0,40}\b(?:paged|called|notified"
    r"|informed|escalated|involved)\b",
    re.IGNORECASE,
)


def check(subject: Subject) -> Iterator[Finding]:
    if subject.says(_PLAINLY):
        return
    yield from lacking(
        subject,
        "escalation",
        ID,
        message="The timeline does not say to whom the outage was escalated.",
        instead='Write "14:20 UTC - Escalated to the database team", or that no team was called and who acted.',
    )
