"""The timeline says what was investigated and done, and on which assumption.

What it sees
    Words for work on the outage: investigated, checked, compared, restarted, rolled back.

Why it matters
    The next person on call learns from what was looked at, in which order and with what result.

What to do
    Give each step an entry: what was looked at or changed, what was assumed, what came of it.

Example
    Fails: 14:10 UTC - The team was working on it.
    Passes: 14:10 UTC - API servers checked, on the assumption that the last release was at fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.document import Document, Part
from failonce.postmortem.findings import finding

ID = "actions-taken"

_ACTION = re.compile(
    r"\b(?:investigat\w+|check\w*|review\w*|analy[sz]\w+|inspect\w*|examin\w+|compar\w+|diagnos\w+|debug\w*|trac(?:ed|ing)"
    r"|restart\w*|reboot\w*|roll(?:ed|ing)?[- ]?back|revert\w*|deploy\w*|appl(?:y|ied)|add(?:ed)?|updat\w+|fix(?:ed)?"
    r"|replac\w+|edit\w*|ran|tested|tried|attempt\w*|chang\w+|increas\w+|scal\w+|identif\w+|look(?:ed|ing)|patched)\b",
    re.IGNORECASE,
)


def check(document: Document) -> Iterator[Finding]:
    if not _ACTION.search(document.text()):
        yield finding(
            ID,
            __doc__,
            document.line(Part.TIMELINE),
            message="The timeline does not say what was investigated or done.",
            instead='Give each step an entry: "14:10 UTC - API servers checked, assuming a bad release."',
        )
