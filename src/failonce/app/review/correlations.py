"""Look for statistics objects that are missing: candidates from the plan, counts from a database with rows, the proof.

Only where the operator named a database to count in; without one, nothing is known of which values come together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from failonce.app.review.twins import Planning
from failonce.guard.case import Case
from failonce.guard.statement import Place
from failonce.lab.twin.correlated import is_open, prove
from failonce.model.correlation import Combinations, Correlation, StatisticsAdvice
from failonce.model.errors import CannotPlan, FailonceError
from failonce.observe.combinations import count_combinations
from failonce.remedy.advice.correlated import correlations

#: Tables are counted in so often at most; each takes up to a second.
_MOST_COUNTED = 20


class Correlator:
    """Finds what statistics objects a statement lacks; what was counted for one is not counted again for another."""

    def __init__(self, planning: Planning, dsn: str) -> None:
        """Plan on an open twin, count in the database of `dsn`."""
        self.planning, self._dsn = planning, dsn
        self._counted: dict[tuple[str, tuple[str, ...]], Combinations | FailonceError] = {}
        self._parents = planning.running.parents

    def look_at(self, cases: Iterable[Case], notes: list[tuple[Place, str]]) -> dict[str, Case]:
        """Return the cases for which a statistics object is proven; note what could not be counted."""
        found = {}
        for case in cases:
            try:
                advice = self._best(case)
            except FailonceError as problem:
                notes.append(
                    (
                        case.statement.places[0],
                        f"statistics on several columns were not tried: {problem}; {problem.hint}",
                    )
                )
                continue
            if advice is not None:
                found[case.statement.fingerprint] = replace(case, statistics=advice)
        return found

    def _best(self, case: Case) -> StatisticsAdvice | None:
        """Return the object for which today's plan is dearest. Raises CannotLook."""
        found = []
        for asked in self._asked(case):
            counts = self._counts(asked)
            if counts is not None and (advice := prove(self.planning.running, case.statement.sql, asked, counts)):
                found.append(advice)
        return max(found, key=lambda advice: advice.cost_before / advice.cost_after, default=None)

    def _asked(self, case: Case) -> list[Correlation]:
        if case.plan is None or not any(case.is_large(table.name) for table in case.structure.tables):
            return []
        try:
            plan = self.planning.running.explain(case.statement.sql, verbose=True)
        except CannotPlan:
            return []
        candidates = [each for each in correlations(plan, self._parents) if case.is_large(each.relation)]
        return [each for each in candidates if is_open(self.planning.running, each)]

    def _counts(self, asked: Correlation) -> Combinations | None:
        """Return what was counted, None once enough was. Raises CannotLook, each time it is asked for anew."""
        key = (asked.relation, asked.columns)
        if key not in self._counted:
            if len(self._counted) >= _MOST_COUNTED:
                return None
            # A copy may lag behind a little; a part of the table is no copy.
            wanted = 0.5 * self.planning.structure.rows(asked.relation)
            try:
                self._counted[key] = count_combinations(self._dsn, *key, rows_wanted=wanted)
            except FailonceError as problem:
                self._counted[key] = problem
        known = self._counted[key]
        if isinstance(known, FailonceError):
            raise known
        return known
