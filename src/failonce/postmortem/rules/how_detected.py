"""The timeline says how the outage was detected.

What it sees
    Who or what detected it: a monitoring alert, an engineer who noticed, a customer who complained.

Why it matters
    An outage that customers report first is a gap in the monitoring, and a task.

What to do
    Name the alert with its threshold, or the person or channel the news came by.

Example
    Fails: 14:05 UTC - Outage detected.
    Passes: 14:05 UTC - Monitoring alerted: one answer in twenty took more than 2 s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.document import Document, Part
from failonce.postmortem.findings import finding

ID = "how-detected"

_HOW = re.compile(
    r"\b(?:monitor\w*|alert\w*|alarm\w*|dashboard\w*|notification\w*|health ?-?checks?|paged"
    r"|pager\w*|sentry|logs?|metrics?|(?:engineer|developer|customer|user|client|employee|team|support|student|staff|member|i|we)s?\b[^.\n]{0,40}\b"
    r"(?:notic|report|complain|discover|observ|saw|detect|alert|flag|spot|ran|found|realiz|realis)\w*"
    r"|(?:report|complaint|ticket|feedback)\w*\b[^.\n]{0,30}\b(?:user|customer|client|support|from)s?"
    r"|(?:noticed|reported|discovered|detected|observed) (?:by|when|while|during|through|via))\b",
    re.IGNORECASE,
)


def check(document: Document) -> Iterator[Finding]:
    if not _HOW.search(document.text()):
        yield finding(
            ID,
            __doc__,
            document.line(Part.TIMELINE),
            message="The timeline does not say how the outage was detected.",
            instead='Name the alert, the person or the channel: "Monitoring alerted: p95 above 2 s."',
        )
