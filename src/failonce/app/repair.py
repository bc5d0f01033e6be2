"""From a diagnosis to a remedy: propose it, prove it on a twin, and apply it when told to.

Runs beside the watch, never in its way: observing goes on while the twin starts and the index is built.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from failonce import plugins
from failonce.app.events import Applied, Event, GapSeen, Phase, Proposed
from failonce.model.blueprint import Blueprint
from failonce.model.diagnosis import Diagnosis
from failonce.model.errors import FailonceError
from failonce.model.remedy import Remedy
from failonce.model.target import Target
from failonce.remedy import create_index, set_back

if TYPE_CHECKING:
    from failonce.lab.twin import Twin

#: Fixes that may be applied without a person: online, proven, and undone by one statement.
_APPLICABLE = frozenset({"create-index"})


class Repair:
    """One incident's repair, in its own thread."""

    def __init__(self, target: Target, diagnosis: Diagnosis, *, apply: bool, listener: Callable[[Event], None]) -> None:
        """Begin at once; `remedy` holds the state reached, and the listener is told of each step."""
        self.remedy: Remedy | None = None
        #: What the planner knew before anything was repaired; None when no twin was made.
        self.blueprint: Blueprint | None = None
        self._target, self._diagnosis = target, diagnosis
        self._apply, self._listener = apply, listener
        self._thread = threading.Thread(target=self._run, name="failonce-repair", daemon=True)
        self._thread.start()

    def cures(self, diagnosis: Diagnosis) -> bool:
        """Tell whether this repair is for the diagnosis' first cause and its culprit."""
        return _subject(self._diagnosis) == _subject(diagnosis)

    @property
    def is_running(self) -> bool:
        """Tell whether a step is still under way."""
        return self._thread.is_alive()

    def join(self, timeout_s: float) -> None:
        """Wait for the step under way."""
        self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            remedy, self.blueprint = propose(self._target, self._diagnosis, self._listener)
        except FailonceError as error:
            self._listener(Phase(f"No remedy could be proven: {error}"))
            return
        if remedy is None:
            return
        self.remedy = remedy
        self._listener(Proposed(_now(), remedy))
        if self._apply and remedy.kind in _APPLICABLE and remedy.sql and self._target.operator_dsn:
            self._build(remedy, self._target.operator_dsn)

    def _build(self, remedy: Remedy, dsn: str) -> None:
        from failonce.remedy.online import build_index

        self.remedy = remedy = replace(remedy, applied_at=_now())
        try:
            failed = build_index(dsn, remedy.sql or "")
        except FailonceError as error:
            failed = str(error)
        self.remedy = replace(remedy, finished_at=None if failed else _now(), failed=failed)
        self._listener(Applied(_now(), self.remedy))


def _subject(diagnosis: Diagnosis) -> tuple[str | None, str | None]:
    return diagnosis.cause, diagnosis.culprit.fingerprint if diagnosis.culprit else None


def propose(
    target: Target, diagnosis: Diagnosis, listener: Callable[[Event], None]
) -> tuple[Remedy | None, Blueprint | None]:
    """Return the first remedy that fits, proven on a twin where one can be made, and that twin's blueprint."""
    fixes = plugins.load("failonce.remedy")
    with ExitStack() as stack:
        planner, why_not = _planner(target, diagnosis, stack, listener)
        ranked = sorted(fixes.values(), key=lambda fix: (fix.RANK, fix.ID))
        proposals = [p for fix in ranked if (p := fix.propose(diagnosis, planner)) is not None]
    return _joined(proposals, why_not), planner.blueprint if planner else None


def _joined(proposals: Sequence[Remedy], why_not: str | None) -> Remedy | None:
    """Return the first of the proposals, with the others as what comes after it."""
    if not proposals:
        return None
    first = proposals[0]
    further = (*first.afterwards, *(step for p in proposals[1:] for step in (p.statement, *p.afterwards)))
    unproven = why_not if first.proof is None and why_not else first.unproven
    return replace(first, unproven=unproven, afterwards=further)


def _planner(
    target: Target, diagnosis: Diagnosis, stack: ExitStack, listener: Callable[[Event], None]
) -> tuple[Twin | None, str | None]:
    """Return a twin that holds the culprit's relations, or why there is none."""
    culprit = diagnosis.culprit
    may_prove = diagnosis.cause in create_index.CURES or set_back.asks(diagnosis)
    if culprit is None or not may_prove or target.operator_dsn is None:
        return None, None
    from failonce.lab.twin import up
    from failonce.lab.twin.pull import pull_masked

    listener(Phase("Building a twin of the schema and its statistics to prove a fix on"))
    try:
        # Masked, because it is kept with the incident: a guard is proven on it, years later.
        planner = stack.enter_context(up(pull_masked(target.operator_dsn, culprit.relations)))
    except FailonceError as error:
        return None, f"No twin could be made: {error}"
    for gap in planner.gaps:
        listener(GapSeen(gap))
    return planner, None


def _now() -> datetime:
    return datetime.now(UTC)
