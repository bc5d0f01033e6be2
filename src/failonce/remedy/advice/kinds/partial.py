"""A B-tree over the rows a statement always asks for, and no others.

What it sees
    A condition with the same constant on every call: state = 'open', deleted_at IS NULL, a boolean.

Why it matters
    Where the condition keeps few rows, the index is a fraction of the size, and other rows' writes do not touch it.

What to do
    Put the constant condition into the index's WHERE and the rest into its keys. A statement must spell the constant
    out to use it: a parameter does not.

Example
    CREATE INDEX CONCURRENTLY jobs_run_at_where_state_idx ON jobs USING btree (run_at) WHERE state = 'queued'
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from failonce.remedy.advice.ddl import Candidate, index
from failonce.remedy.advice.kinds.columns import orders
from failonce.remedy.advice.needs import Need

ID = "partial"
_ORDERS = 3


def propose(need: Need) -> Iterator[Candidate]:
    """Yield indexes limited to each constant condition, and to all of them."""
    conditions = [(key, text) for key, text in need.fixed if key not in need.ranged]
    choices = [[one] for one in conditions] + ([conditions] if len(conditions) > 1 else [])
    for chosen in choices:
        limited = {key for key, _ in chosen}
        where = " AND ".join(dict.fromkeys(text for _, text in chosen))
        rest = replace(
            need,
            equal=[key for key in need.equal if key not in limited],
            ranged=[key for key in need.ranged if key not in limited],
        )
        found = list(islice(orders(rest), _ORDERS))
        for keys in found or [(key,) for key in list(limited)[:1]]:
            yield index(need.relation, keys, where=where)
