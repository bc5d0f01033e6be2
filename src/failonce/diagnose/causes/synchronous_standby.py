"""Commits wait for a synchronous standby that does not answer.

What it sees
    Sessions that have done their work and wait in the event SyncRep, most of those that are active; and the standbys
    that commits may wait for. The verdict is confirmed where none is connected, and where one is that has everything
    on its disk and replays nothing: with synchronous_commit = remote_apply a commit waits for that as well.

Why it matters
    A transaction is written and durable here, and its client is not told: it holds its connection until a standby
    confirms, if need be for ever. Reading goes on until the pool is empty, and no statement shows up as slow.

What to do
    Bring the standby back. Until then take it off synchronous_standby_names and reload: waiting commits return at
    once, and are on this machine alone. Afterwards list two and wait for any one of them: ANY 1 (a, b). Where only
    replay stands still, resume it, or end the query on the standby that it waits for; until then let commits wait for
    the standby's disk and no longer: synchronous_commit = on.

Example
    9 of 10 active sessions wait in SyncRep; no synchronous standby is connected, 1 before
"""

from failonce.amount import amount, size
from failonce.diagnose.case import Case
from failonce.diagnose.part import Part
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind
from failonce.model.snapshot import Standby

ID = "synchronous-standby"
LEAD = "A standby that commits wait for"
KIND = FailureKind.HOST
TRIGGERS = frozenset({"setting-changed"})
#: What waits behind a commit that does not come back: whoever holds a connection or a lock meanwhile.
EXPLAINS = ("pool-leak", "blocking-session", "hot-row")
#: The share of the active sessions that must wait for it, and how many at least.
_MOST, _LEAST = 0.5, 1.0
_EVENT = "SyncRep"
#: The setting with which a commit waits until it is replayed.
_SETTING, _UNTIL_REPLAYED = "synchronous_commit", "remote_apply"


def examine(case: Case) -> Verdict:
    """Return whether commits wait for a standby."""
    why = (_replays_nothing if _held_up(case) else _is_gone)(case)
    return weigh(ID, _statement(case), needs=[_commits_wait(case)], proofs=[why])


def _statement(case: Case) -> str:
    held_up = _held_up(case)
    if held_up:
        return f"Commits wait until the standby {held_up.name} has replayed them, and it replays nothing."
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
    return next((repr(value) for value in _values(case, "synchronous_standby_names")), "not known")


def _values(case: Case, setting: str) -> list[str]:
    """Return what a setting is, for the server and for those who have it otherwise."""
    return [s.value for s in (case.catalog.settings if case.catalog else ()) if s.name == setting]


def _held_up(case: Case) -> Standby | None:
    """Return a standby that got no further between the last two readings although it has all that it would replay.

    None where a standby has gone meanwhile: then commits may as well wait for that one.
    """
    readings = [s.server for s in case.during.snapshots if s.server is not None]
    if len(readings) < 2 or (_connected(case.during) or 0) < (_connected(case.before) or 0):
        return None
    earlier = {standby.name: standby.replay_lsn for standby in readings[-2].standbys}
    return next((s for s in readings[-1].standbys if _has_all(s) and earlier.get(s.name) == s.replay_lsn), None)


def _has_all(standby: Standby) -> bool:
    return standby.missing_bytes == 0 and bool(standby.unreplayed_bytes) and standby.replay_lsn is not None


def _replays_nothing(case: Case) -> Check:
    standby = _held_up(case)
    if standby is None:
        return Check(None)
    waiting = standby.unreplayed_bytes or 0
    said = f"The standby {standby.name} is connected ({standby.state}) and has everything that was written here on its"
    said += f" disk; it has replayed up to {standby.replay_lsn} and goes no further: {size(waiting)} wait there."
    if _UNTIL_REPLAYED in _values(case, _SETTING):
        said += f" {_SETTING} is {_UNTIL_REPLAYED}."
    was = _unreplayed(case.before, standby.name)
    return Check(True, case.evidence(said, "server", now=waiting, before=was, unit="bytes", key=standby.name))


def _unreplayed(part: Part, name: str) -> int | None:
    """Return what a standby had still to replay at the last reading."""
    told = (standby for s in reversed(part.snapshots) if s.server is not None for standby in s.server.standbys)
    return next((standby.unreplayed_bytes for standby in told if standby.name == name), None)
