"""The timeline says when the outage was detected.

What it sees
    A line that tells of the detection and carries a time.

Why it matters
    The time between the start and the detection is what better monitoring can win.

What to do
    Make the detection an entry of its own in the timeline.

Example
    Fails: We found out later.
    Passes: 14:05 UTC - An alert on response times fired.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem import times
from failonce.postmortem.document import Document, Part
from failonce.postmortem.findings import finding

ID = "when-detected"

_DETECTED = re.compile(
    r"\b(?:detect\w*|alert\w*|alarm\w*|notic\w+|discover\w*|observ\w+|report\w*|monitor\w*|complain\w*|aware|pag(?:ed|es)"
    r"|saw|sees|notif\w+|found|identified|spotted|reali[sz]\w+|began|start\w*|incident opened|triggered|ticket\w*)\b",
    re.IGNORECASE,
)


def check(document: Document) -> Iterator[Finding]:
    if not any(_DETECTED.search(b.said) and times.CLOCK.search(b.said) for b in document.blocks):
        yield finding(
            ID,
            __doc__,
            document.line(Part.TIMELINE),
            message="No line says at what time the outage was detected.",
            instead='Give the detection its own entry: "14:05 UTC - An alert on response times fired."',
        )
