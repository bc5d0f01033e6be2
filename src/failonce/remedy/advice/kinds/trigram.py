"""A GIN index over trigrams, for patterns that may match anywhere.

What it sees
    LIKE '%abc%', ILIKE, and regular expressions.

Why it matters
    No B-tree helps where the beginning is not known: the whole table is read.

What to do
    Create the extension pg_trgm, then the index. It is slow to write: a text makes an entry for each letter.

Example
    CREATE INDEX CONCURRENTLY products_name_gin_idx ON products USING gin (name gin_trgm_ops)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from failonce.remedy.advice.ddl import Candidate, index
from failonce.remedy.advice.needs import Need

ID = "trigram"
EXTENSION = "CREATE EXTENSION IF NOT EXISTS pg_trgm"


def propose(need: Need) -> Iterator[Candidate]:
    """Yield an index for each key that is held against a pattern."""
    for key in dict.fromkeys(key for key, _, _ in need.patterns):
        yield replace(index(need.relation, [f"{key} gin_trgm_ops"], method="gin"), before=(EXTENSION,))
