"""The corrective and preventative measures hold a list of specific tasks.

What it sees
    Two or more bullets or numbered items in the part on corrective and preventative measures.

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
from failonce.postmortem.document import Document, Part
from failonce.postmortem.findings import finding

ID = "todo-list"

_FEWEST_TASKS = 2


def check(document: Document) -> Iterator[Finding]:
    tasks = [block for block in document.part(Part.MEASURES) if block.bullet]
    if len(tasks) < _FEWEST_TASKS:
        yield finding(
            ID,
            __doc__,
            document.line(Part.MEASURES),
            message=f"The measures list {'one task' if tasks else 'no task'}.",
            instead='List tasks that can be found done or not: "- [ ] Alert when server memory is above 90 %."',
        )
