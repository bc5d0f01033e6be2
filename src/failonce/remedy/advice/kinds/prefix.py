"""A B-tree in the order of characters, for patterns with a known beginning.

What it sees
    LIKE 'abc%' on a database whose texts are in a language's order.

Why it matters
    An ordinary index is in that order too, and cannot tell which texts begin alike: the pattern reads the whole table.

What to do
    Build it with the operator class text_pattern_ops. It serves equality as well.

Example
    CREATE INDEX CONCURRENTLY products_code_idx ON products USING btree (code text_pattern_ops)
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.remedy.advice.ddl import Candidate, index
from failonce.remedy.advice.needs import Need

ID = "prefix"
#: What `~~` compares, and the class for each type; PostgreSQL refuses the one that does not fit.
_CLASSES = ("text_pattern_ops", "varchar_pattern_ops", "bpchar_pattern_ops")


def propose(need: Need) -> Iterator[Candidate]:
    """Yield indexes for patterns that do not begin with a wildcard."""
    for key, operator, pattern in need.patterns:
        if operator == "~~" and not pattern.startswith(("'%", "'_")):
            for operator_class in _CLASSES:
                yield index(need.relation, [*need.equal[:2], f"{key} {operator_class}"])
