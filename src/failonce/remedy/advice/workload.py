"""Advice for many statements within so many bytes: the indexes that save most of the whole for their size.

Each statement first says what it would take if everything were there; those sets, and their members, compete. The
best by saving per byte is added until nothing more fits, each time reckoning with what is there already.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from failonce.model.ports import Planner, Scales
from failonce.remedy.advice.ddl import Candidate
from failonce.remedy.advice.needs import Need, needs
from failonce.remedy.advice.statement import candidates, cost, taken

Set = frozenset[str]

#: A set must take this share off the whole to be added.
_WORTH = 0.001
#: A statement says no more of its wishes once they take less than this off its cost.
_BARELY = 0.98


@dataclass(frozen=True, slots=True)
class WorkloadAdvice:
    """Indexes for many statements; costs are the planner's, times the calls."""

    statements: tuple[str, ...]
    cost_before: float
    cost_after: float
    bytes: int


def advise_all(
    calls: Mapping[str, float], planner: Planner, *, most_bytes: int, without: Collection[str] = ()
) -> WorkloadAdvice:
    """Return the indexes that make these statements, each with its calls, cheapest together.

    `without` names kinds not to propose. Costs are the planner's, times the calls. Raises CannotPlan.
    """
    queries = list(calls)
    parents, few = planner.parents, planner.few_valued
    wanted = {query: needs(planner.explain(query, verbose=True), parents, few) for query in queries}
    own = {query: candidates(each, without) for query, each in wanted.items()}
    found = {sql: candidate for each in own.values() for sql, candidate in each.items()}
    with planner.weigh({sql: candidate.before for sql, candidate in found.items()}) as scales:
        search = _Search(wanted, found, scales, calls)
        chosen = search.run([item for query in queries for item in search.items(query, own[query])], most_bytes)
        after = search.total(chosen)
    needed = [found[sql] for sql in chosen]
    statements = dict.fromkeys(text for one in needed for text in (*one.before, one.sql))
    return WorkloadAdvice(tuple(statements), search.total(frozenset()), after, search.size(chosen))


class _Search:
    """Costs, each asked for once."""

    def __init__(
        self,
        wanted: Mapping[str, Sequence[Need]],
        found: Mapping[str, Candidate],
        scales: Scales,
        calls: Mapping[str, float],
    ) -> None:
        self._scales = scales
        self._calls = calls
        self._begins = {sql: (candidate.relation, candidate.first) for sql, candidate in found.items()}
        #: What each statement compares, joins, sorts or groups by: an index that begins with it may be of use.
        self._uses = {
            query: {(need.relation, key) for need in each for key in need.keys} for query, each in wanted.items()
        }
        self._known: dict[tuple[str, Set], float] = {}

    def items(self, query: str, own: Mapping[str, Candidate]) -> Iterable[Set]:
        """Yield what a statement takes of everything, of what carries nothing along, and of the rest in turn."""
        name_of = {candidate.name: sql for sql, candidate in own.items()}
        left = set(own) & self._scales.bytes_of.keys()
        plain = {sql for sql in left if " INCLUDE " not in sql}
        rounds = (left, plain)
        for shown in rounds:
            while shown:
                plan = self._scales.explain(query, shown)
                used = frozenset(name_of[name] for name in taken(plan) if name in name_of)
                here = self._known[query, used] = self._calls[query] * cost(plan)
                if not used or here > _BARELY * self.cost(query, frozenset()):
                    break
                yield used
                yield from (frozenset({sql}) for sql in used)
                shown = shown - used

    def run(self, items: Iterable[Set], most_bytes: int) -> Set:
        """Add the set with the best saving per byte until none is worth it or fits."""
        chosen: Set = frozenset()
        worth = _WORTH * self.total(chosen)
        waiting = {item: float("inf") for item in items}
        while True:
            fits = {i: r for i, r in waiting.items() if i - chosen and self.size(chosen | i) <= most_bytes}
            best = self._best(fits, chosen, waiting, worth)
            if best is None:
                return self._without_idle(chosen)
            chosen = self._without_idle(chosen | best)

    def total(self, chosen: Set) -> float:
        """Return what all statements cost together with these indexes."""
        return sum(self.cost(query, chosen) for query in self._uses)

    def size(self, chosen: Set) -> int:
        """Return the bytes of these indexes."""
        return sum(self._scales.bytes_of[sql] for sql in chosen)

    def cost(self, query: str, chosen: Set) -> float:
        """Return what all calls of a statement cost with these indexes."""
        relevant = self._relevant(query, chosen)
        if (query, relevant) not in self._known:
            plan = self._scales.explain(query, relevant)
            self._known[query, relevant] = self._calls[query] * cost(plan)
        return self._known[query, relevant]

    def _best(self, fits: Mapping[Set, float], chosen: Set, waiting: dict[Set, float], worth: float) -> Set | None:
        """Return the best set; one that was no better before seldom is now, so the likeliest are asked first."""
        best, best_ratio = None, 0.0
        for item, bound in sorted(fits.items(), key=lambda pair: -pair[1]):
            if bound <= best_ratio:
                break
            saving = self._saving(item, chosen)
            ratio = saving / max(self.size(item - chosen), 1) if saving >= worth else 0.0
            waiting[item] = ratio
            if ratio > best_ratio:
                best, best_ratio = item, ratio
        return best

    def _saving(self, item: Set, chosen: Set) -> float:
        added = item - chosen
        queries = [query for query in self._uses if self._relevant(query, added)]
        return sum(self.cost(query, chosen) - self.cost(query, chosen | item) for query in queries)

    def _relevant(self, query: str, indexes: Set) -> Set:
        uses = self._uses[query]
        return frozenset(sql for sql in indexes if self._begins[sql] in uses)

    def _without_idle(self, chosen: Set) -> Set:
        """Leave out what nothing takes any more."""
        used: set[str] = set()
        for query in self._uses:
            relevant = self._relevant(query, chosen)
            names = taken(self._scales.explain(query, relevant)) if relevant else set()
            used |= {sql for sql in relevant if any(f" {name} ON " in sql for name in names)}
        return frozenset(used)
