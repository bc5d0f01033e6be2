"""The timeline says how the outage was resolved, or that it is not.

What it sees
    Words for the resolution: resolved, restored, recovered, rolled back, mitigated.

Why it matters
    The step that ended the outage is the first one to take when it comes back.

What to do
    Make the step that ended it an entry, and the recovery that followed another.

Example
    Fails: 16:00 UTC - End.
    Passes: 15:30 UTC - Index built; response times back to normal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem import times
from failonce.postmortem.document import Document, Part
from failonce.postmortem.findings import finding

ID = "how-resolved"

_RESOLVED = re.compile(
    r"\b(?:resol\w+|restor\w+|recover\w*|fix(?:ed|es)?|roll(?:ed|ing)?[- ]?back|mitigat\w+|revert\w*|normal\w*"
    r"|stabili[sz]\w+|back (?:up|online|to)|up and running|patched|restart\w*|repaired|solved|remed\w+|replac\w+)\b",
    re.IGNORECASE,
)


def check(document: Document) -> Iterator[Finding]:
    told = document.text(Part.TIMELINE) or document.text()
    if not _RESOLVED.search(told) and not times.ONGOING.search(told):
        yield finding(
            ID,
            __doc__,
            document.line(Part.TIMELINE),
            message="The timeline does not say how the outage was resolved.",
            instead='End it with the step that helped: "15:30 UTC - Index built; response times back to normal."',
        )
