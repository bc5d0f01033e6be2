"""The migration locks a table by hand, and holds the lock until it commits.

What it sees
    LOCK TABLE on a table that production has and that is not small.

Why it matters
    Everything behind it in the same transaction runs under that lock, however long it takes, and whoever needs the
    table queues up (seed 003).

What to do
    Leave it out: DDL takes the locks it needs. Where rows must not change, use SELECT ... FOR UPDATE on those rows.

Example
    lock table reviews in exclusive mode;
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.guard.case import Found
from failonce.guard.migration import Step

ID = "lock-table"
SEVERITY = "error"


def check(step: Step) -> Iterator[Found]:
    """Yield a lock by hand."""
    if step.text.startswith("lock ") and step.table is not None and not step.is_on_small:
        message = f"It locks {step.table.name} until the migration commits."
        yield Found(message, "Leave it out: DDL takes the locks it needs, and no longer than it needs them.")
