"""The action items have dates.

What it sees
    A list of tasks in which no date, sprint or ticket says until when.

Why it matters
    Without a date nobody notices that a task was not done, until the outage notices.

What to do
    Give each task a day, and look at the list on that day.

Example
    Fails: - Add an alert on server memory.
    Passes: - Add an alert on server memory. Due: 2024-06-19
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import finding
from failonce.postmortem.subject import Subject
from failonce.postmortem.tasks import says_date, tasks
from failonce.postmortem.terms import brief

ID = "action-date"


def check(subject: Subject) -> Iterator[Finding]:
    items = tasks(subject)
    if items and not says_date(subject):
        first = items[0]
        yield finding(
            ID,
            first.line,
            message=f"None of the {len(items)} action items says until when."
            if len(items) > 1
            else "The action item does not say until when.",
            instead=f'End each with its date: "(due 2024-06-19)" after "{brief(str(first.value))}".',
            quote=first.as_written,
        )
