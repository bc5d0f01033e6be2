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
from failonce.postmortem.document import Document, Part
from failonce.postmortem.findings import finding

ID = "misleading-paths"

_MISLEADING = re.compile(
    r"\b(?:assum\w+|suspect\w*|suspicion|hypothes\w+|theor(?:y|ies)|mis-?l(?:ea|e)d\w*|ruled? out|ruling out"
    r"|red herrings?|false leads?|dead ends?|wrong\w*|incorrect\w*|mistaken\w*|unrelated|explored|turned out"
    r"|initially (?:thought|focus\w*|believed|blamed|attributed)|first thought|thought (?:it|that|the)|believ\w+"
    r"|(?:issue|problem|errors?|outage|still) persist\w*|not the (?:cause|issue|problem|culprit)"
    r"|did(?: not|n.t) (?:help|resolve|fix)|to no avail)\b",
    re.IGNORECASE,
)


def check(document: Document) -> Iterator[Finding]:
    if not _MISLEADING.search(document.text()):
        yield finding(
            ID,
            __doc__,
            document.line(Part.TIMELINE),
            message="The timeline tells of no misleading path.",
            instead='Name each wrong lead and what ruled it out: "Suspected the network; ruled out: ping as before."',
        )
