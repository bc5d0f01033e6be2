"""What would be left of the load without the culprit, against what there was before the onset: plain subtraction.

In each sample the culprit's own active sessions are left out, and whoever waits for a lock behind nobody but it. It
tells how far the one named goes to explain the outage, and decides nothing. What is slow because the machine is busy is
counted as it was seen, so rather too much is left than too little; who waits for a connection is in no session.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from failonce.amount import amount, percent
from failonce.diagnose.case import Case
from failonce.diagnose.locks import climb
from failonce.diagnose.part import Part
from failonce.model.diagnosis import Culprit, Evidence
from failonce.model.snapshot import Session

#: An outage that added fewer active sessions than this, on average, is not made of them.
_LEAST = 0.3
#: Below this the numbers do not say by themselves that all is back; whoever explains less than most is not all of it.
_NEARLY_ALL, _MOST = 0.9, 0.5
_WITHOUT = {1: "it", 2: "both"}
#: As whose lock PostgreSQL reports that of a prepared transaction (pg_blocking_pids).
_PREPARED = 0


@dataclass(frozen=True, slots=True)
class _Load:
    """The mean number of active sessions on one side of the onset."""

    active: float
    #: Of them the culprits' own, and those that wait behind nobody else.
    own: float
    behind: float

    @property
    def rest(self) -> float:
        """What is left without the culprits."""
        # Means of counts: what is less than a millionth of a session is the arithmetic's.
        return round(self.active - self.own - self.behind, 6)


def without(case: Case, culprits: Sequence[Culprit]) -> Evidence | None:
    """Return the load without these culprits; None where the outage, or what they do, is not in active sessions."""
    before, during = _load(case.before, culprits), _load(case.during, culprits)
    if during.active - before.active < _LEAST or not culprits or not all(_is_seen(case, c) for c in culprits):
        return None
    was, share = (before.active, _explained(before, during)) if case.before.sampled else (None, None)
    said = f"Without {_who(during, len(culprits))} {amount(during.rest)} of {amount(during.active)} active sessions"
    said += f" would be left{_of_the_rise(was, share, len(culprits))}."
    key = culprits[0].fingerprint if len(culprits) == 1 else None
    told = case.evidence(said, "sessions", now=during.rest, before=was, unit="sessions", key=key)
    return replace(told, supports=share is None or share >= _MOST)


def _who(during: _Load, culprits: int) -> str:
    """Return who is left out; the queue where it is the greater part."""
    who = _WITHOUT.get(culprits, f"these {culprits}")
    return f"{who} and the {amount(during.behind)} that wait behind," if during.behind > during.own else who


def _of_the_rise(was: float | None, share: float | None, culprits: int) -> str:
    """Return what was before; and how much of the rise the culprits are, where it is not nearly all."""
    if was is None or share is None:
        return ""
    before = f", {amount(was)} before"
    if share >= _NEARLY_ALL:
        return before
    explains = "it explains" if culprits == 1 else "they explain"
    return f"{before}: {explains} {percent(share)} of the rise{'' if share >= _MOST else ', so there is more to it'}"


def _explained(before: _Load, during: _Load) -> float:
    """Return the part of the rise that is not the others': what the culprits had before explains nothing."""
    others = during.rest - before.rest
    return min(1.0, max(0.0, 1 - others / (during.active - before.active)))


def _is_seen(case: Case, culprit: Culprit) -> bool:
    """Tell whether a culprit's harm is in active sessions: a statement's work, or the queue behind who holds a lock.

    It is not where an open transaction keeps a connection from others, or dead rows from vacuum.
    """
    load = _load(case.during, (culprit,))
    if culprit.fingerprint is None or _is_a_session(culprit):
        return load.behind > 0
    return load.own + load.behind > case.during.stuck.get(culprit.fingerprint, 0.0)


def _load(part: Part, culprits: Sequence[Culprit]) -> _Load:
    active = own = behind = 0
    for sessions in part.sampled:
        theirs = {s.pid for s in sessions if any(_is_its(s, culprit) for culprit in culprits)}
        theirs |= {_PREPARED for culprit in culprits if _is_nobody(culprit)}
        blocked_by = {s.pid: s.blocked_by for s in sessions if s.blocked_by and s.pid not in theirs}
        pids = [s.pid for s in sessions if s.state == "active"]
        active += len(pids)
        own += sum(pid in theirs for pid in pids)
        behind += sum(pid in blocked_by and set() < climb(pid, blocked_by) <= theirs for pid in pids)
    samples = max(len(part.sampled), 1)
    return _Load(active / samples, own / samples, behind / samples)


def _is_its(session: Session, culprit: Culprit) -> bool:
    if culprit.fingerprint is None or _is_a_session(culprit):
        return session.pid in culprit.sessions
    return session.fingerprint == culprit.fingerprint


def _is_a_session(culprit: Culprit) -> bool:
    """Tell whether one session is blamed, and its statement only tells what it did last."""
    return bool(culprit.application or culprit.user)


def _is_nobody(culprit: Culprit) -> bool:
    """Tell whether neither a statement nor a session is blamed: locks may then be a prepared transaction's."""
    return culprit.fingerprint is None and not culprit.sessions and not _is_a_session(culprit)
