"""The twin a review plans on: from a file, or of a database that is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from failonce.app.review.options import ReviewOptions
from failonce.guard.case import Advice, Case, Plan
from failonce.guard.statement import Place, Statement
from failonce.lab.sitting import sitting
from failonce.lab.twin import Twin, file, twin, up
from failonce.model.errors import CannotLook, FailonceError, UsageError
from failonce.remedy.advice.statement import advise
from failonce.remedy.advice.workload import WorkloadAdvice, advise_all
from failonce.structure import Structure


class Planning:
    """A twin that plans, and says what index would help."""

    #: Before anything is known.
    NOTHING = Structure()

    def __init__(self, running: Twin, ddl: Sequence[str] = ()) -> None:
        """Plan on a twin, as if this DDL had been run."""
        self.running, self._ddl = running, tuple(ddl)
        #: Production's structure, once something was planned.
        self.structure = self.NOTHING

    def plan(self, statements: Sequence[Statement]) -> tuple[dict[str, Plan], list[tuple[Place, str]]]:
        """Return each statement's plan by fingerprint, and what could not be planned with the reason."""
        plans: dict[str, Plan] = {}
        refused = []
        with sitting(self.running, self._ddl) as seat:
            self.structure = seat.structure
            for each in statements:
                try:
                    plans[each.fingerprint] = seat.explain(each.sql)
                except CannotLook as error:
                    refused.append((each.places[0], f"{error}: {each.shown[:120]}"))
        return plans, refused

    def cost(self, sql: str) -> float | None:
        """Return what a statement would cost, None when it cannot be planned."""
        with self.running.trial(self._ddl) as session:
            try:
                return float(session.explain(sql)["Total Cost"])
            except CannotLook:
                return None

    def advise(self, case: Case) -> Advice | None:
        """Return the index that makes a case's statement cheapest, if one makes it half as dear."""
        if case.plan is None:
            return None
        try:
            found = advise(case.statement.sql, self.running, after=self._ddl)
        except FailonceError:
            return None
        if found is None:
            return None
        return Advice("; ".join(found.statements), found.cost_before, found.cost_after, found.writes)

    def together(self, statements: Sequence[Statement], most_bytes: int) -> WorkloadAdvice:
        """Return the indexes that, within so many bytes, save most of what the calls of these statements cost."""
        calls = {each.sql: each.calls or 1.0 for each in statements}
        return advise_all(calls, self.running, most_bytes=most_bytes)


@contextmanager
def open_planning(options: ReviewOptions, relations: Sequence[str]) -> Iterator[Planning]:
    """Plan on the twin of the options while the block runs. Raises UsageError, CannotLook, LabFailed."""
    with ExitStack() as stack:
        if options.twin:
            running = stack.enter_context(up(file.load(options.twin)))
        elif options.dsn:
            running = stack.enter_context(twin(options.dsn, relations))
        else:
            raise UsageError(
                "There is no twin to plan on.",
                hint="Make one: failonce twin pull DSN -o shop.twin, then --twin shop.twin",
            )
        yield Planning(running)
