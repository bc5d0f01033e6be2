"""Which of the verdicts are named: the surest that no other explains, and what is at work beside it.

A cause may declare EXPLAINS, the causes that are its consequences or its less specific names: where both hold for the
same culprit, it is named and they are not. What the first cause explains is then taken away, and the rest of the added
load is examined again (greedy explaining-away, field.md part B, section 3): so two faults at once are told as two, and
one fault with two symptoms as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import ModuleType

from failonce.diagnose.case import Case
from failonce.model.diagnosis import Status, Verdict

#: Below this nothing is named. A wrong name costs more than none.
ENOUGH = 0.6
#: Causes named at most: whoever names more names none.
_MOST = 3
#: The part of all added load that another statement must have to be a fault of its own beside the first.
_LEAST_SHARE = 0.15
_ORDER = {Status.CONFIRMED: 0, Status.LIKELY: 1}


def best(verdicts: Iterable[Verdict]) -> Verdict | None:
    """Return the surest verdict; None when none is sure enough."""
    return next(iter(_firing(verdicts)), None)


def named_causes(case: Case, causes: Mapping[str, ModuleType], verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """Return the causes to name, the surest first; none is an abstention."""
    named: list[Verdict] = []
    for verdict in (*_heads(_firing(verdicts), causes), *_beside(case, causes, verdicts)):
        if len(named) < _MOST and all(_is_apart(verdict, earlier, causes) for earlier in named):
            named.append(verdict)
    return tuple(named)


def _firing(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return the verdicts that are sure enough, the surest first."""
    sure = (v for v in verdicts if v.status in _ORDER and v.confidence >= ENOUGH)
    return sorted(sure, key=lambda v: (_ORDER[v.status], -v.confidence, v.id))


def _heads(firing: Sequence[Verdict], causes: Mapping[str, ModuleType]) -> list[Verdict]:
    """Return the verdicts that no other one explains."""
    return [v for v in firing if not any(_explains(other, v, causes) for other in firing)]


def _beside(case: Case, causes: Mapping[str, ModuleType], verdicts: Sequence[Verdict]) -> Iterator[Verdict]:
    """Examine what the culprit does not explain; yield what holds for another statement with a load that counts."""
    first = best(_heads(_firing(verdicts), causes))
    fingerprint = first.culprit.fingerprint if first and first.culprit else None
    if fingerprint is None:
        return
    rest = case.without(fingerprint)
    suspect = rest.suspect
    if suspect is None or not suspect.has_changed or suspect.share_of_all < _LEAST_SHARE:
        return
    again = [cause.examine(rest) for cause in causes.values()]
    for verdict in _heads(_firing(again), causes):
        if verdict.culprit is not None and verdict.culprit.fingerprint == suspect.fingerprint:
            yield verdict


def _explains(one: Verdict, other: Verdict, causes: Mapping[str, ModuleType]) -> bool:
    """Tell whether `other` is a consequence or a less specific name of `one`."""
    return other.id in getattr(causes[one.id], "EXPLAINS", ()) and _is_same_subject(one, other)


def _is_same_subject(one: Verdict, other: Verdict) -> bool:
    """Tell whether two verdicts blame the same statement or session, or one of them blames nobody.

    Statements decide where both are known: a pool lends its sessions to whoever comes next.
    """
    if one.culprit is None or other.culprit is None:
        return True
    if one.culprit.fingerprint is not None and other.culprit.fingerprint is not None:
        return one.culprit.fingerprint == other.culprit.fingerprint
    return bool(set(one.culprit.sessions) & set(other.culprit.sessions))


def _is_apart(verdict: Verdict, named: Verdict, causes: Mapping[str, ModuleType]) -> bool:
    """Tell whether a verdict stands beside one that is named: about something else, and not explained by it."""
    if _explains(named, verdict, causes):
        return False
    blame_nobody = verdict.culprit is None or named.culprit is None
    return verdict.id != named.id and (blame_nobody or not _is_same_subject(verdict, named))
