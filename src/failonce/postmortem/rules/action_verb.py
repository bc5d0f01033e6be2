"""Each action item says what is to be done.

What it sees
    Short tasks that name a thing and hold no verb.

Why it matters
    Of "database health checks" nobody knows whether to build, run, read or remove them.

What to do
    Begin with a verb: add, remove, alert, test, document, limit.

Example
    Fails: Database health checks.
    Passes: Add a health check that runs SELECT 1 every 10 s and pages after three failures.
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import finding
from failonce.postmortem.subject import Subject
from failonce.postmortem.tasks import without_verb
from failonce.postmortem.terms import brief

ID = "action-verb"


def check(subject: Subject) -> Iterator[Finding]:
    for task in without_verb(subject):
        told = brief(str(task.value))
        yield finding(
            ID,
            task.line,
            message=f'"{told}" names a thing and nothing to do.',
            instead=f'Begin with a verb, and say when it is done: "Add {told[0].lower()}{told[1:]} that ..."',
            quote=task.as_written,
        )
