"""A column or table goes, or gets another name, that statements of production still use.

What it sees
    DROP COLUMN, DROP TABLE, RENAME COLUMN and RENAME TO, where a statement among the kept plans names what goes.

Why it matters
    The release before this migration is still running while it is applied, and again after a rollback. Each of
    its statements that names the column fails from that moment.

What to do
    First release a version that does without it; drop it with the next one. For another name: add the new column, write
    both, switch reads, drop the old one.

Example
    alter table recipes rename column title to name;
    named by select id, title from recipes where cook_id = ?
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce import sqltext
from failonce.guard.case import Found
from failonce.guard.migration import Step

ID = "breaks-statement"
SEVERITY = "error"
_COLUMN = re.compile(r".* (?:drop column (?:if exists )?|rename column )\"?(?P<name>[\w$]+)")
_TABLE = re.compile(r"drop table |alter table \S+ rename to ")


def check(step: Step) -> Iterator[Found]:
    """Yield the first statement that breaks."""
    column = _COLUMN.match(step.text)
    if step.table is None or not (column or _TABLE.match(step.text)):
        return
    for kept in step.known.plans.plans.values():
        if step.table.name not in sqltext.relations(kept.statement):
            continue
        if column is None or re.search(rf"\b{re.escape(column['name'])}\b", kept.statement):
            what = f"{step.table.name}.{column['name']}" if column else step.table.name
            message = f"{what} is named by a statement of production: {kept.statement[:160]}"
            yield Found(message, "Release a version that does without it first.")
            return
