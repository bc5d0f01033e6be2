"""The corrective and preventative measures hold a list of specific tasks.

What it sees
    Bullets, numbered items or rows in the part on corrective and preventative measures that tell what to do.

Why it matters
    What is not a task with a visible end is not done, and the outage happens twice.

What to do
    Write tasks like a TODO: each with one thing to do that somebody can find done or not done.

Example
    Fails: We will improve our processes.
    Passes: - [ ] Add an alert on the memory of the database server, above 90 % for five minutes.
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.model.finding import Finding
from failonce.postmortem.findings import lacking
from failonce.postmortem.subject import Subject

ID = "todo-list"


def check(subject: Subject) -> Iterator[Finding]:
    yield from lacking(
        subject,
        "todo_list",
        ID,
        message="The measures list no task that can be found done.",
        instead='List tasks that can be found done or not: "- [ ] Alert when server memory is above 90 %."',
    )
