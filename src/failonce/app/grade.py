"""Hold a verdict against a drill's truth: what is right, what is wrong, and whether anybody was accused falsely."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from failonce.model.diagnosis import Culprit, Diagnosis
from failonce.model.drill import Truth


@dataclass(frozen=True, slots=True)
class Grade:
    """One verdict, graded. A verdict that names nothing is wrong only where there was something to name."""

    #: The causes named are exactly the true ones.
    cause: bool
    #: Nothing but true causes is named, if perhaps not all of them.
    only_true: bool
    #: Every link of the true chain is told.
    chain: bool
    #: The true culprit is blamed, with its release; or nobody, where nobody is to be blamed.
    culprit: bool
    #: Every wrong lead is ruled out.
    ruled_out: bool
    #: Something innocent is blamed: another query than the true one, or anything where nothing is wrong.
    false_accusation: bool
    #: Nothing is named although something was wrong.
    abstained: bool
    #: Each difference in words; none when all is right.
    faults: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """All is as the truth says."""
        return not self.faults

    @property
    def is_right_or_silent(self) -> bool:
        """What poor sight must reach: no cause but a true one, and nobody accused."""
        return not self.false_accusation and self.only_true


def grade(diagnosis: Diagnosis | None, truth: Truth) -> Grade:
    """Return the grade of a verdict; None is the verdict of a watch that opened no incident."""
    named = diagnosis.causes if diagnosis else frozenset()
    culprits = diagnosis.culprits if diagnosis else ()
    links = {link.id for link in diagnosis.chain} if diagnosis else set()
    ruled_out = {lead.id for lead in diagnosis.ruled_out} if diagnosis else set()
    wrong_culprit = tuple(_wrong_culprit(culprits, truth))
    quiet = diagnosis is None and truth.is_innocent
    unsaid = [name for name in truth.chain if name not in links]
    open_leads = [] if quiet else [name for name in truth.ruled_out if name not in ruled_out]
    return Grade(
        cause=named == truth.causes,
        only_true=named <= truth.causes,
        chain=not unsaid,
        culprit=not wrong_culprit,
        ruled_out=not open_leads,
        false_accusation=_accuses_falsely(named, culprits, truth),
        abstained=not named and not truth.is_innocent,
        faults=(
            *_wrong_cause(diagnosis, truth),
            *([f"not in the chain: {', '.join(unsaid)}"] if unsaid else []),
            *([f"not ruled out: {', '.join(open_leads)}"] if open_leads else []),
            *wrong_culprit,
        ),
    )


def _wrong_cause(diagnosis: Diagnosis | None, truth: Truth) -> Iterator[str]:
    named = diagnosis.causes if diagnosis else frozenset()
    if named == truth.causes:
        return
    if diagnosis is None:
        yield "no incident was opened"
    else:
        yield f"{_said(named)}, should be {_said(truth.causes)}"


def _said(causes: Collection[str]) -> str:
    return f"cause {' and '.join(sorted(causes))}" if causes else "no cause"


def _wrong_culprit(culprits: Sequence[Culprit], truth: Truth) -> Iterator[str]:
    if truth.is_decoy:
        blamed = _queries(culprits)
        if blamed:
            yield f"a query was blamed: {', '.join(map(str, blamed))}"
        return
    right = [culprit for culprit in culprits if truth.blames(culprit)]
    if not right:
        yield f"nobody was blamed who is {truth.blame}"
    elif truth.release is not None and truth.release not in {culprit.release for culprit in right}:
        yield f"release {right[0].release}, should be {truth.release}"


def _accuses_falsely(named: Collection[str], culprits: Sequence[Culprit], truth: Truth) -> bool:
    if truth.is_innocent:
        return bool(named)
    strangers = [culprit for culprit in culprits if culprit.query is not None and not truth.blames(culprit)]
    return bool(_queries(culprits)) if truth.is_decoy else bool(strangers) and not truth.also


def _queries(culprits: Sequence[Culprit]) -> list[str | None]:
    return [culprit.fingerprint for culprit in culprits if culprit.query is not None]
