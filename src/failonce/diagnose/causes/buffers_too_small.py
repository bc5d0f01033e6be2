"""The server was started with far too small shared buffers, and reads every block from outside them.

What it sees
    shared_buffers in two catalogs, before the onset and since; of the blocks that statements touch, how many were not
    in the buffers; how often the whole of the buffers was replaced since, for a cold cache is filled once; and that
    statements which do the same work take longer.

Why it matters
    The disk may be idle and the hit ratio of the operating system's cache perfect: it is the copying that costs. No
    plan changed and no statement is to blame: those on top of the list are those that always read most.

What to do
    Set it back and restart the server: it is read at the start alone. Look at the unit: a bare number is blocks of
    8 kB. A quarter of the memory is where most begin.

Example
    shared_buffers was 256MB and is 1MB; 85 % of the blocks come from outside, 0.3 % before
"""

from failonce.amount import amount, percent, size
from failonce.diagnose.case import Case
from failonce.diagnose.pace import SLOWER, is_slower
from failonce.diagnose.part import Part
from failonce.diagnose.plans import setting_changes, told
from failonce.diagnose.weigh import Check, weigh
from failonce.model.catalog import Setting
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "buffers-too-small"
LEAD = "A server with too small buffers"
KIND = FailureKind.CONFIGURATION
TRIGGERS = ("setting-changed",)
_SETTING = "shared_buffers"
#: From half of it on, it may be too small.
_SMALLER = 0.5
#: The share of the blocks touched that must come from outside, and how many times the former share that must be.
_MISSED, _TIMES = 0.2, 3.0
#: How often all of the buffers must have been replaced. A cold cache is filled once, and then some, as it warms.
_REPLACED = 10.0
#: Calls that tell how long a statement takes, and how many statements must be slower: one alone has a cause of its own.
_CALLS, _SEVERAL = 3, 2
_BLOCK = 8192
#: As the server writes sizes.
_UNITS = {"B": 1, "kB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40}


def examine(case: Case) -> Verdict:
    """Return whether the buffers became too small for what is read."""
    change = next((c for c in setting_changes(case) if c[0].name == _SETTING and not c[0].scope), None)
    said = f"{told(*change)}: blocks are read from outside them again and again." if change else LEAD
    return weigh(
        ID,
        said,
        needs=[_shrank(case, change), _misses(case), _is_not_just_cold(case), is_slower(case)],
        proofs=[_is_nobody_in_particular(case), _waits_for_blocks(case), _was_restarted(case)],
    )


def _shrank(case: Case, change: tuple[Setting, str] | None) -> Check:
    if case.catalog is None or not case.was_watched:
        return Check(None)
    now = _now(case)
    was = _bytes(change[1]) if change else now
    if now is None or was is None:
        return Check(None)
    said = f"{told(*change)}." if change else f"{_SETTING} is {size(now)}, as before."
    proof = case.evidence(said, "catalog", now=size(now), before=size(was), key=_SETTING)
    return Check(now <= _SMALLER * was, proof)


def _now(case: Case) -> int | None:
    """Return how large the buffers are."""
    settings = case.catalog.settings if case.catalog else ()
    return next((_bytes(s.value) for s in settings if s.name == _SETTING and not s.scope), None)


def _bytes(value: str) -> int | None:
    """Return a size as the server writes it, in bytes.

    >>> _bytes("256MB"), _bytes("a lot")
    (268435456, None)
    """
    digits = value.rstrip("kKMGTB")
    return int(digits) * _UNITS[value[len(digits) :]] if digits.isdigit() and value[len(digits) :] in _UNITS else None


def _misses(case: Case) -> Check:
    now, was = _missed(case.during), _missed(case.before)
    if now is None or was is None:
        return Check(None)
    said = f"{percent(now)} of the blocks that statements touch are not in the buffers and are read from outside,"
    said += f" {amount(100 * was)} % before."
    proof = case.evidence(said, "statements", now=now, before=was, unit="share")
    return Check(now >= max(_MISSED, _TIMES * was), proof)


def _missed(part: Part) -> float | None:
    """Return the share of the blocks touched that was not in the buffers."""
    touched = sum(work.blocks for work in part.statements.values())
    return part.blocks_read / touched if touched else None


def _is_not_just_cold(case: Case) -> Check:
    buffers = _now(case)
    if buffers is None or not case.during.statement_seconds:
        return Check(None)
    read = case.during.blocks_read * _BLOCK
    said = f"{size(read)} were read into buffers of {size(buffers)} in {amount(case.during.statement_seconds)} s:"
    said += f" each was replaced {amount(read / buffers)} times, and a cold cache is filled once."
    proof = case.evidence(said, "statements", now=read / buffers, before=1.0, unit="times")
    return Check(read >= _REPLACED * buffers, proof)


def _is_nobody_in_particular(case: Case) -> Check:
    """Ask whether several statements became slower for the same blocks, and not just one."""
    now, was = case.during.statements, case.before.statements
    both = [key for key in now if key in was and min(now[key].calls, was[key].calls) >= _CALLS]
    slower = [key for key in both if now[key].ms_per_call >= SLOWER * was[key].ms_per_call]
    same = [key for key in slower if now[key].blocks_per_call < SLOWER * max(was[key].blocks_per_call, 1.0)]
    if not both:
        return Check(None)
    said = f"{len(same)} of {len(both)} statements take at least {SLOWER} times as long for the same blocks: none is"
    said += " a culprit."
    proof = case.evidence(said, "statements", now=len(same), before=len(both), unit="statements")
    return Check(len(same) >= _SEVERAL, proof)


def _waits_for_blocks(case: Case) -> Check:
    if not case.during.sampled:
        return Check(None)
    now, was = case.during.waits.get("IO", 0.0), case.before.waits.get("IO", 0.0)
    said = f"{amount(now)} of {amount(case.during.active)} active sessions waited for a block, {amount(was)} before."
    return Check(now > 2 * was, case.evidence(said, "sessions", now=now, before=was, unit="sessions"))


def _was_restarted(case: Case) -> Check:
    now, was = case.during.started_at, case.before.started_at
    if now is None or was is None:
        return Check(None)
    said = f"The server has run since {now:%H:%M:%S} UTC: it takes the setting over at its start."
    return Check(now != was, case.evidence(said, "server", now=now.isoformat(), before=was.isoformat()))
