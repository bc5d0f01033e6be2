"""Advice for one statement: every kind of index its scans ask for, weighed on the twin, few and small kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from failonce import plugins
from failonce.model.advice import IndexAdvice
from failonce.model.ports import Planner, Scales
from failonce.plantree import nodes
from failonce.remedy.advice.ddl import Candidate
from failonce.remedy.advice.needs import Need, needs
from failonce.remedy.advice.writes import writes

KINDS = "failonce.remedy.advice.kinds"
#: Indexes must at least halve the cost to be worth their writes, and each take a tenth of it off.
WORTH, NEXT_WORTH = 0.5, 0.1
#: What is this cheap is not made better by an index, in the planner's unit: some hundred pages read in order.
CHEAP = 100.0
#: Of those that leave about as much of the cost, the smallest one.
_ABOUT = 0.02
#: What an index carries along (INCLUDE) must take this share of the statement's first cost off, as a further index
#: must: every update of a carried column writes it, and is no longer heap-only.
_CARRIED_WORTH = NEXT_WORTH


def advise(query: str, planner: Planner, *, most: int = 3, after: Sequence[str] = ()) -> IndexAdvice | None:
    """Return the indexes that make a statement at least twice as cheap, once this DDL has run; None when none does."""
    plan = planner.explain(query, after, verbose=True)
    before = float(plan["Total Cost"])
    if before < CHEAP:
        return None
    found = candidates(needs(plan, planner.parents, planner.few_valued))
    with planner.weigh({c.sql: c.before for c in found.values()}, after) as scales:
        chosen = _chosen(query, before, scales, most)
        left = cost(scales.explain(query, chosen))
    if not chosen or left > WORTH * before:
        return None
    needed = [found[sql] for sql in chosen]
    statements = dict.fromkeys(text for one in needed for text in (*one.before, one.sql))
    size = sum(scales.bytes_of[sql] for sql in chosen)
    return IndexAdvice(tuple(statements), before, left, size, writes(needed, size))


def candidates(wanted: Sequence[Need], without: Collection[str] = ()) -> dict[str, Candidate]:
    """Return the candidates of every kind for these needs, by their statement."""
    kinds = [kind for name, kind in plugins.load(KINDS).items() if name not in without]
    made = (candidate for need in wanted for kind in kinds for candidate in kind.propose(need))
    return _named_apart({candidate.sql: candidate for candidate in made})


def cost(plan: Mapping[str, object]) -> float:
    """Return what the planner says a plan costs."""
    return float(str(plan["Total Cost"]))


def taken(plan: Mapping[str, object]) -> set[str]:
    """Return the names of the indexes a plan uses."""
    return {node["Index Name"] for node in nodes(plan) if "Index Name" in node}


def _chosen(query: str, before: float, scales: Scales, most: int) -> tuple[str, ...]:
    """Add the best index to those chosen as long as it is worth it."""
    chosen: tuple[str, ...] = ()
    left = before
    while len(chosen) < most:
        costs = {sql: cost(scales.explain(query, (*chosen, sql))) for sql in scales.bytes_of if sql not in chosen}
        costs = _narrow_first(costs, before)
        least = min(costs.values(), default=left)
        if least > left - NEXT_WORTH * before:
            return chosen or _together(query, before, scales, most)
        good = [sql for sql, value in costs.items() if value <= least + _ABOUT * before]
        # What writes an entry for each part of a value only where nothing else is as good.
        best = min(good, key=lambda sql: (" USING gin " in sql, scales.bytes_of[sql], costs[sql]))
        chosen, left = (*chosen, best), costs[best]
    return chosen


def _narrow_first(costs: dict[str, float], before: float) -> dict[str, float]:
    """Leave out the indexes that carry columns along for little, unless the statement is not cured without.

    >>> _narrow_first({"... (a)": 300.0, "... (a) INCLUDE (b)": 10.0}, 10_000.0)
    {'... (a)': 300.0}
    >>> len(_narrow_first({"... (a)": 3000.0, "... (a) INCLUDE (b)": 10.0}, 10_000.0))
    2
    """
    narrow = {sql: value for sql, value in costs.items() if " INCLUDE " not in sql}
    if not narrow:
        return costs
    least, narrow_least = min(costs.values()), min(narrow.values())
    cured_by_wide_only = least <= WORTH * before < narrow_least
    return costs if cured_by_wide_only or narrow_least > least + _CARRIED_WORTH * before else narrow


def _together(query: str, before: float, scales: Scales, most: int) -> tuple[str, ...]:
    """Return indexes of which none helps alone: for a condition on either of two columns."""
    plain = [sql for sql in scales.bytes_of if " INCLUDE " not in sql]
    plan = scales.explain(query, plain)
    used = tuple(sql for sql in plain if any(f" {name} ON " in sql for name in taken(plan)))
    return used if len(used) <= most and cost(plan) <= WORTH * before else ()


def _named_apart(found: dict[str, Candidate]) -> dict[str, Candidate]:
    """Give candidates names of their own: two that differ in direction alone would have the same."""
    names: dict[str, int] = {}
    apart: dict[str, Candidate] = {}
    for candidate in found.values():
        number = names[candidate.name] = names.get(candidate.name, 0) + 1
        if number > 1:
            name = f"{candidate.name.removesuffix('_idx')[:57]}_{number}_idx"
            sql = candidate.sql.replace(candidate.name, name, 1)
            candidate = replace(candidate, sql=sql, name=name)
        apart[candidate.sql] = candidate
    return apart
