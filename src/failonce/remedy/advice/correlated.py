"""Columns that a statement compares or groups by together: candidates for CREATE STATISTICS, from its plan. Pure.

The planner multiplies what it knows of each column, as if they had nothing to do with each other. Joined columns are no
candidates: PostgreSQL does not use such statistics for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from failonce.model.correlation import DEPENDENCIES, NDISTINCT, Correlation
from failonce.remedy.advice.needs import Plan, needs

#: Columns looked at together: with each further one there is twice as much to count.
MOST_COLUMNS = 4


def correlations(plan: Plan, parents: Mapping[str, str]) -> Iterator[Correlation]:
    """Yield the sets of two to four columns of one table that a plan (EXPLAIN VERBOSE) compares or groups by.

    Partitions, named by `parents`, are left out: what is known of them together is another thing than of each.
    """
    partitioned = {*parents, *parents.values()}
    for need in needs(plan, {}):
        if need.relation in partitioned:
            continue
        for kind, keys in ((DEPENDENCIES, need.equal), (NDISTINCT, need.grouped)):
            columns = _columns(keys)[:MOST_COLUMNS]
            if len(columns) > 1:
                yield Correlation(need.relation, tuple(sorted(columns)), kind)


def _columns(keys: Sequence[str]) -> list[str]:
    """Return the names of the keys that are columns.

    >>> _columns(["city", "(lower(name))", '"Zip code"'])
    ['city', 'Zip code']
    """
    plain = (key for key in dict.fromkeys(keys) if not key.startswith("("))
    return [key[1:-1].replace('""', '"') if key.startswith('"') else key for key in plain]
