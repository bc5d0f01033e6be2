"""Commits wait for a synchronous standby that does not answer.

What it sees
    Sessions that have done their work and wait in the event SyncRep, most of those that are active; and how many of
    the standbys that commits may wait for are connected. With none, the verdict is confirmed.

Why it matters
    A transaction is written and durable here, and its client is not told: it holds its connection until a standby
    confirms, if need be for ever. Reading goes on until the pool is empty, and no statement shows up as slow.

What to do
    Bring the standby back. Until then take it off synchronous_standby_names and reload: waiting commits return at
    once, and are on this machine alone. Afterwards list two and wait for any one of them: ANY 1 (a, b).

Example
    9 of 10 active sessions wait in SyncRep; no synchronous standby is connected, 1 before
"""

from failonce.amount import amount
from failonce.diagnose.case import Case
from failonce.diagnose.part import Part
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "synchronous-standby"
LEAD = "A standby that commits wait for"
KIND = FailureKind.HOST
TRIGGERS = frozenset({"setting-changed"})
#: What waits behind a commit that does not come back: whoever holds a connection or a lock meanwhile.
EXPLAINS = ("pool-leak", "blocking-session", "hot-row")
#: The share of the active sessions that must wait for it, and how many at least.
_MOST, _LEAST = 0.5, 1.0
_EVENT = "SyncRep"


def examine(case: Case) -> Verdict:
    """Return whether commits wait for a standby."""
    return weigh(ID, _statement(case), needs=[_commits_wait(case)], proofs=[_is_gone(case)])


def _statement(case: Case) -> str:
    if _connected(case.during) == 0:
        return "Commits wait for a synchronous standby, and none is connected."
    return "Commits wait for a synchronous standby that confirms them late or not at all."


def _commits_wait(case: Case) -> Check:
    if not case.during.sampled:
        return Check(None)
    now, was, active = _waiting(case.during), _waiting(case.before), case.during.active or 0.0
    said = f"{amount(now)} of {amount(active)} active sessions had done their work and waited for a standby ({_EVENT}),"
    said += f" {amount(was)} before."
    holds = now >= _LEAST and now >= _MOST * active and now >= 2 * was
    return Check(holds, case.evidence(said, "sessions", now=now, before=was, unit="sessions", key=_EVENT))


def _waiting(part: Part) -> float:
    """Return the mean number of sessions whose commit waits."""
    if not part.sampled:
        return 0.0
    return sum(s.wait_event == _EVENT for sample in part.sampled for s in sample) / len(part.sampled)


def _connected(part: Part) -> int | None:
    """Return how many synchronous standbys were connected at the last reading."""
    told = [s.server.synchronous_standbys for s in part.snapshots if s.server is not None]
    return told[-1] if told else None


def _is_gone(case: Case) -> Check:
    now, was = _connected(case.during), _connected(case.before)
    if now is None:
        return Check(None)
    before = f", {amount(was)} before" if was is not None else ""
    said = f"{amount(now)} synchronous standbys are connected{before}."
    if now == 0:
        said = f"No synchronous standby is connected{before}; synchronous_standby_names is {_names(case)}."
    return Check(now == 0, case.evidence(said, "server", now=now, before=was, unit="standbys"))


def _names(case: Case) -> str:
    settings = case.catalog.settings if case.catalog else ()
    return next((repr(s.value) for s in settings if s.name == "synchronous_standby_names"), "not known")
