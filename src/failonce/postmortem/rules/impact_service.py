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

from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import lacking
from failonce.postmortem.subject import Subject

ID = "impact-service"


def check(subject: Subject) -> Iterator[Finding]:
    yield from lacking(
        subject,
        "impact_service",
        ID,
        message="The issue summary does not name the service that was down or slow.",
        instead='Write which service it was: "Impact: the API that serves recipes answered slowly."',
    )
