"""The timeline tells of the misleading paths that were taken.

What it sees
    Words for an assumption that proved wrong: assumed, suspected, misleading, ruled out.

Why it matters
    Wrong leads cost most of an outage's time, and the next person will be tempted by the same ones.

What to do
    Name each wrong lead and the measurement that ruled it out; if there was none, say so.

Example
    Fails: 14:10 UTC - Investigation began.
    Passes: 14:10 UTC - Suspected the network; ruled out, since a SELECT 1 took 0.3 ms as before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import lacking
from failonce.postmortem.subject import Subject

ID = "misleading-paths"

# That no lead was wrong is an answer too.
_NONE = re.compile(
    r"\b(?:no (?:wrong|false|misleading) (?:leads?|paths?|assumptions?)|no lead was wrong|the first (?:lead"
    r"|suspicion) was right)\b",
    re.IGNORECASE,
)


def check(subject: Subject) -> Iterator[Finding]:
    if subject.says(_NONE):
        return
    yield from lacking(
        subject,
        "misleading_paths",
        ID,
        message="The timeline tells of no misleading path.",
        instead='Name each wrong lead and what ruled it out: "Suspected the network; ruled out: ping as before."',
    )
