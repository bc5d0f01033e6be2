"""Look for a cheaper way to write a statement: proposed on its syntax, planned on the twin, tried on generated rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from types import TracebackType

from sqlglot import exp

from failonce import plugins
from failonce.app.review.twins import Planning
from failonce.guard.case import Case
from failonce.guard.rewriting import REWRITES, Proposal, Question, is_plain
from failonce.lab.sameness import Differs, Scratch, scratch
from failonce.model.errors import FailonceError
from failonce.model.rewrite import Rewrite

#: A rewrite must at least halve the cost: it is people's work.
_WORTH = 0.5
#: Beside an index that helps, one that leaves up to so many times its cost is shown: it costs no write.
_BESIDE_INDEX = 10.0
#: A statement this cheap is left as it is, as a part of `slow_cost`.
_CHEAP = 0.1


class Rewriter:
    """Finds rewrites; a server for the generated rows is started when the first one is to be tried."""

    def __init__(self, planning: Planning) -> None:
        """Plan on an open twin."""
        self._planning, self._stack = planning, ExitStack()
        self._scratch: Scratch | None = None

    def __enter__(self) -> Rewriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def best(self, case: Case) -> tuple[Rewrite | None, str]:
        """Return the cheapest rewrite that gave the same rows, and why one could not be tried, empty if all were."""
        why = ""
        for _, found, proposal in sorted(self._cheaper(case), key=lambda each: each[0]):
            try:
                shown = self._tried_on().same(proposal.pairs)
            except Differs:
                continue
            except FailonceError as problem:
                why = f"a rewrite ({found.kind}) is not shown, for it could not be tried on generated rows: {problem}"
                continue
            return Rewrite(found.kind, found.what, found.sql, found.cost_before, found.cost_after, shown.data_sets), ""
        return None, why

    def _cheaper(self, case: Case) -> Iterator[tuple[float, Rewrite, Proposal]]:
        """Yield what the planner finds cheaper, with its cost, before anything is known of its rows."""
        offset = deep_offset(case)
        tree = case.tree
        if case.plan is None or not isinstance(tree, exp.Query) or not is_plain(tree):
            return
        if case.plan["Total Cost"] < _CHEAP * case.limits.slow_cost and offset is None:
            return
        question = Question(tree, case.structure, case.statement.sql, offset)
        for kind, rule in plugins.load(REWRITES).items():
            proposal = rule.propose(question)
            found = self._weighed(kind, case, proposal) if proposal is not None else None
            if proposal is not None and found is not None:
                yield found.cost_after, found, proposal

    def _weighed(self, kind: str, case: Case, proposal: Proposal) -> Rewrite | None:
        """Return a proposal with its costs, None when it is not worth it."""
        after = self._planning.cost(proposal.sql)
        before = self._planning.cost(proposal.before or case.statement.sql)
        if after is None or before is None or after > _WORTH * before:
            return None
        if case.advice is not None and after > _BESIDE_INDEX * case.advice.cost_after:
            return None
        return Rewrite(kind, proposal.what, proposal.sql, before, after, 0)

    def _tried_on(self) -> Scratch:
        if self._scratch is None:
            self._scratch = self._stack.enter_context(scratch(self._planning.running.blueprint))
        return self._scratch


def deep_offset(case: Case) -> int | None:
    """Return the deepest OFFSET that was written or sent along, None when none is deep."""
    seen = [case.statement.offset or 0]
    for offset in case.tree.find_all(exp.Offset) if case.tree else ():
        number = offset.expression
        seen += [int(number.this)] if isinstance(number, exp.Literal) and number.is_int else []
    return max(seen) if max(seen) >= case.limits.offset else None
