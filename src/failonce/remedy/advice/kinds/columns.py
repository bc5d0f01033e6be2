"""A B-tree over columns or expressions, in the order in which a scan can use them.

What it sees
    The columns, and expressions such as lower(email), that a scan compares for equality, joins by, sorts by, or bounds.

Why it matters
    A B-tree serves a leading run of equalities, then an order or one range; the same columns in another order do not.

What to do
    Equalities first, then the order wanted above the scan, else one range.

Example
    CREATE INDEX CONCURRENTLY reviews_recipe_id_created_at_idx ON reviews USING btree (recipe_id, created_at DESC)
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from failonce.remedy.advice.ddl import Candidate, index
from failonce.remedy.advice.needs import Need

ID = "columns"
_MOST_KEYS = 4
#: Keys that are tried in every order.
_PERMUTED = 2


def propose(need: Need) -> Iterator[Candidate]:
    """Yield the orders of keys that could serve the scan."""
    for keys in orders(need):
        yield index(need.relation, keys)


def orders(need: Need) -> Iterator[tuple[str, ...]]:
    """Yield lists of keys, the likeliest first; none twice."""
    seen: set[tuple[str, ...]] = set()
    for keys in _orders(need):
        unique: dict[str, str] = {}
        for key in keys[:_MOST_KEYS]:
            unique.setdefault(key.removesuffix(" DESC"), key)
        found = tuple(unique.values())
        if found and found not in seen:
            seen.add(found)
            yield found


def _orders(need: Need) -> Iterator[tuple[str, ...]]:
    equal, joined, ranged = need.equal, need.joined, need.ranged
    if equal:
        yield (*equal, *need.order)
        yield tuple(equal)
    for join in joined:
        yield (join, *equal, *need.order)
        yield (*equal, join)
        yield (join,)
        yield from ((join, *equal, bound) for bound in ranged)
    for bound in ranged:
        yield (*equal, bound)
        yield (bound,)
        yield (bound, *(r for r in ranged if r != bound))
    yield from ((key,) for key in equal)
    if equal and need.order:
        yield from ((key, *need.order) for key in equal)
    if need.order:
        yield need.order
        yield from ((*need.order, bound) for bound in ranged)
    if len(joined) >= _PERMUTED:
        yield from permutations(joined[:3], _PERMUTED)
    if need.grouped and joined:
        yield tuple(need.grouped)
