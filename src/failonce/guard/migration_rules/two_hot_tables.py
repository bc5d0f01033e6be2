"""One transaction holds strong locks on two large tables at once.

What it sees
    A statement that takes a lock which stops reads or writes, in the same transaction as an earlier one on another
    large table that production has.

Why it matters
    The first lock is held while the second is waited for. Requests that use both tables in the other order deadlock
    with the migration, and all others queue behind it on two tables instead of one.

What to do
    One migration, or one transaction, for each table; with a lock_timeout, to be tried again.

Example
    begin; alter table recipes add column a int; alter table reviews add column b int; commit;
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.guard.case import Found
from failonce.guard.migration import Step

ID = "two-hot-tables"
SEVERITY = "error"


def check(step: Step) -> Iterator[Found]:
    """Yield the step at which a second table is locked."""
    if not (step.locks_strongly and step.is_on_large):
        return
    others = [one for one in step.before if one.locks_strongly and one.is_on_large]
    first = next((one for one in others if one.table_name != step.table_name), None)
    if first is not None and not any(one.table_name == step.table_name for one in others):
        message = f"It locks {step.table_name} while {first.table_name} is locked since line {first.place.line}."
        yield Found(message, "A transaction of its own for each table.")
