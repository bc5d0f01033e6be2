"""The action items have owners.

What it sees
    A list of tasks in which no person, team or ticket is named.

Why it matters
    A task that is everybody's is nobody's: without an owner the list is read once and never again.

What to do
    Name one person or team per task, or the ticket that does.

Example
    Fails: - Add an alert on server memory.
    Passes: - Add an alert on server memory. Owner: database team, DB-412
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import finding
from failonce.postmortem.subject import Subject
from failonce.postmortem.tasks import says_owner, tasks
from failonce.postmortem.terms import brief

ID = "action-owner"


def check(subject: Subject) -> Iterator[Finding]:
    items = tasks(subject)
    if items and not says_owner(subject):
        first = items[0]
        yield finding(
            ID,
            first.line,
            message=f"None of the {len(items)} action items names an owner."
            if len(items) > 1
            else "The action item names no owner.",
            instead=f'End each with its owner: "(owner: database team)" after "{brief(str(first.value))}".',
            quote=first.as_written,
        )
