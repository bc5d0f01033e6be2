"""A foreign key is added whose columns have no index.

What it sees
    A FOREIGN KEY or REFERENCES clause on a table that production has, whose columns begin no index, neither one that
    exists nor one that the migrations build. On a large table it is an error, on others a warning.

Why it matters
    PostgreSQL makes an index for the referenced side only. Each DELETE there then reads the whole referring table.

What to do
    Build the index with CREATE INDEX CONCURRENTLY, in the same release.

Example
    alter table reviews add foreign key (cook_id) references cooks not valid;
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.guard.case import Found
from failonce.guard.migration import Step

ID = "foreign-key-unindexed"
SEVERITY = "error"
_KEY = re.compile(r"alter table .* foreign key ?\((?P<columns>[^)]+)\)")
_REFERENCES = re.compile(r"alter table .* add (?:column )?(?:if not exists )?\"?(?P<columns>[\w$]+)\"? .*\breferences ")


def check(step: Step) -> Iterator[Found]:
    """Yield a key without an index."""
    found = _KEY.match(step.text) or _REFERENCES.match(step.text)
    if found is None or step.table is None:
        return
    columns = tuple(name.strip().strip('"') for name in found["columns"].split(","))
    wanted, made = set(columns), [keys for table, keys in step.new_indexes if table == step.table_name]
    if step.known.structure.serves(step.table_name, columns) or any(set(k[: len(wanted)]) == wanted for k in made):
        return
    names = ", ".join(columns)
    message = (
        f"The foreign key of {step.table_name} ({names}) has no index: each DELETE on the other side reads all of it."
    )
    instead = f"CREATE INDEX CONCURRENTLY ON {step.table_name} ({names});"
    yield Found(message, instead, severity=None if step.is_on_large else "warning")
