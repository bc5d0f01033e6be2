"""A GIN index for what is inside a value: keys of a document, elements of an array, words of a text.

What it sees
    @>, ?, && and @@ on jsonb, arrays and tsvector.

Why it matters
    A B-tree compares whole values; what a value contains it cannot find, and the whole table is read.

What to do
    Build it with the default operator class, or with jsonb_path_ops, which is smaller and serves @> alone.

Example
    CREATE INDEX CONCURRENTLY events_data_gin_idx ON events USING gin (data jsonb_path_ops)
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.remedy.advice.ddl import Candidate, index
from failonce.remedy.advice.needs import Need

ID = "containment"
_BY_PATH = frozenset({"@>", "@?", "@@"})


def propose(need: Need) -> Iterator[Candidate]:
    """Yield an index of each operator class that serves the comparison."""
    for key, operator in need.contained:
        if operator in _BY_PATH:
            yield index(need.relation, [f"{key} jsonb_path_ops"], method="gin")
        yield index(need.relation, [key], method="gin")
