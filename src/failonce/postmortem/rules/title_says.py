"""The title says what failed.

What it sees
    No title, or one that would fit every postmortem: "Postmortem", "Incident report".

Why it matters
    In a list of fifty, the title is all there is to find the one that happened before.

What to do
    Name what failed and when: the service, the failure, the day.

Example
    Fails: # Postmortem
    Passes: # Shop unreachable, 5 June 2024
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import finding
from failonce.postmortem.subject import Subject

ID = "title-says"

_ANY = re.compile(
    r"\W*(?:0x\w{1,3}\W*|\d{1,2}\W+)?(?:(?:my|first|an?|the|our)\s+)*"
    r"(?:(?:post-?\s?mortem|incident|outage|issue|report|summary|project|example)s?\b\W*)*",
    re.IGNORECASE,
)


def check(subject: Subject) -> Iterator[Finding]:
    title = subject.facts.title
    if title is None:
        first = next((node.line for node in subject.parts.all), 1)
        if subject.parts.all:
            yield _finding(first, "The postmortem has no title.", _better(subject), "")
    elif _ANY.fullmatch(str(title.value)):
        message = f'The title "{title.value}" does not say what failed.'
        yield _finding(title.line, message, _better(subject), title.as_written)


def _finding(line: int, message: str, better: str, quote: str) -> Finding:
    return finding(ID, line, message=message, instead=f'Name what failed and when: "{better}".', quote=quote)


def _better(subject: Subject) -> str:
    """A title from the document's own words, as far as they are read."""
    facts = subject.facts
    service = str(facts.services[0].value) if facts.services else "Service"
    day = str(facts.start_local.value)[:10] if facts.start_local else ""
    when = day if day[:1].isdigit() and len(day) == 10 else "date"
    return f"{service[:1].upper()}{service[1:]}: what failed, {when}"
