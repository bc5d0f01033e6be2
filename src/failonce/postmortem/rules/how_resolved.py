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
from failonce.postmortem.findings import lacking
from failonce.postmortem.subject import Subject

ID = "how-resolved"

# While it goes on, saying so is the answer.
_ONGOING = re.compile(
    r"\b(?:still (?:on-?going|open|down|failing|in progress)|not (?:yet )?(?:over|recovered|resolved))\b",
    re.IGNORECASE,
)


def check(subject: Subject) -> Iterator[Finding]:
    if subject.says(_ONGOING):
        return
    yield from lacking(
        subject,
        "how_resolved",
        ID,
        message="The timeline does not say how the outage was resolved.",
        instead='End it with the step that helped: "15:30 UTC - Index built; response times back to normal."',
    )
