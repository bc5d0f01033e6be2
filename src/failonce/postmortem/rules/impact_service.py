"""The issue summary names the service that was down or slow.

What it sees
    The name or kind of a service in the issue summary: an API, a website, an application, a database.

Why it matters
    Readers first want to know whether it was their service, and whom to ask about it.

What to do
    Name the service as its users know it, not as the machine it runs on.

Example
    Fails: There was an outage.
    Passes: The API that serves recipes answered slowly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.document import Document, Part
from failonce.postmortem.findings import finding

ID = "impact-service"

_SERVICE = re.compile(
    r"\b(?:services?|api|web ?sites?|sites?|web ?apps?|applications?|apps?|platform|database|servers?|systems?"
    r"|portal|pages?|checkout|payments?|log-?ins?|search|store|shop|gateway|proxy|clusters?|network|e-?mails?|dns|cdn|queue|cache"
    r"|endpoints?|dashboard|pipelines?|builds?|registry|console|product|environment|instances?)\b",
    re.IGNORECASE,
)


def check(document: Document) -> Iterator[Finding]:
    if not _SERVICE.search(document.text(Part.SUMMARY)):
        yield finding(
            ID,
            __doc__,
            document.line(Part.SUMMARY),
            message="The issue summary does not name the service that was down or slow.",
            instead='Write which service it was: "Impact: the API that serves recipes answered slowly."',
        )
