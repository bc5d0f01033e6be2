"""A new column's default is computed for each row: the whole table is rewritten.

What it sees
    ADD COLUMN with a default that calls a volatile function - gen_random_uuid(), random(), clock_timestamp(),
    nextval() - on a table that is not small. A constant default, and now(), are stored once and cost nothing.

Why it matters
    The same clause with a constant takes a millisecond, so nobody expects this one to rewrite every row under a lock
    that stops even reads.

What to do
    Add the column without a default, set the default in a statement of its own, fill old rows in batches.

Example
    alter table reviews add column token uuid default gen_random_uuid();
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.amount import amount
from failonce.guard.case import Found
from failonce.guard.migration import Step

ID = "volatile-default"
SEVERITY = "error"
_VOLATILE = re.compile(r".* add (?:column )?.*\bdefault \(?(?P<call>(?!now|current_)[\w.]+\()")
#: Stable ones are computed once per statement.
_STABLE = ("now(", "transaction_timestamp(", "statement_timestamp(", "to_timestamp(", "current_setting(", "coalesce(")


def check(step: Step) -> Iterator[Found]:
    """Yield a default that has to be computed row by row."""
    found = _VOLATILE.match(step.text)
    if found and step.table is not None and not step.is_on_small and found["call"] not in _STABLE:
        message = (
            f"The default {found['call']}) is computed for each of {amount(step.table.rows)} rows of {step.table.name}."
        )
        yield Found(message, "Add the column without it, SET DEFAULT by itself, fill old rows in batches.")
