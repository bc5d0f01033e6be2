"""Questions to the facts that several causes ask, each answered with its measurement."""

from __future__ import annotations

from failonce.amount import amount, percent
from failonce.diagnose.case import Case
from failonce.diagnose.suspect import CHANGED, Suspect
from failonce.diagnose.weigh import Check

#: The part of the added load one statement must have before it is blamed.
_MOST = 0.35
#: Blocks of a relation a call must touch to have read "all" of it: parallel workers and statistics both round.
_WHOLE = 0.3
#: Fewer blocks than this are never a scan worth an outage (8 MB).
_LARGE = 1000
_BLOCK = 8192
#: Arrivals that grew by this factor are a change of demand.
MORE_TRAFFIC = 1.8


def is_one_statement(case: Case) -> Check:
    """Ask whether one statement accounts for the load that was added."""
    suspect = case.suspect
    if not case.during.sampled:
        return Check(None)
    if suspect is None:
        active, was = case.during.active, case.before.active
        said = f"No statement took more of the database: {amount(active)} sessions were active, {amount(was)} before."
        return Check(False, case.evidence(said, "sessions", now=active, before=was, unit="sessions"))
    said = (
        f"One statement has {percent(suspect.share)} of {_added(case)}: {amount(suspect.load)} sessions at work on it"
        f" on average, {amount(suspect.load_before)} before."
    )
    key = suspect.fingerprint
    proof = case.evidence(said, "sessions", now=suspect.load, before=suspect.load_before, unit="sessions", key=key)
    return Check(suspect.share >= _MOST, proof)


def _added(case: Case) -> str:
    return "the added load that is left" if case.explained else "the added load"


def is_known(case: Case, suspect: Suspect) -> Check:
    """Ask whether the statement ran before the outage."""
    return is_new(case, suspect).negated()


def is_new(case: Case, suspect: Suspect) -> Check:
    """Ask whether the statement first appeared with the outage."""
    if suspect.is_new is None:
        return Check(None)
    if not suspect.is_new:
        calls = suspect.was.calls if suspect.was else None
        said = f"The statement is not new: {amount(calls)} calls are known from before the onset."
        return Check(False, case.evidence(said, "statements", now=calls, unit="calls", key=suspect.fingerprint))
    seen = f"{suspect.first_seen_at:%H:%M:%S}" if suspect.first_seen_at else "now"
    said = f"The statement was never seen before {seen} UTC."
    return Check(True, case.evidence(said, "statements", now=seen, before="unseen", key=suspect.fingerprint))


def reads_more(case: Case, suspect: Suspect) -> Check:
    """Ask whether a call touches many times the blocks it used to."""
    if suspect.now is None or suspect.was is None or suspect.blocks_factor is None:
        return Check(None)
    now, was = suspect.now.blocks_per_call, suspect.was.blocks_per_call
    said = (
        f"A call reads {amount(now)} blocks, {amount(was)} before, and takes {amount(suspect.now.ms_per_call, 'ms')},"
        f" {amount(suspect.was.ms_per_call, 'ms')} before."
    )
    proof = case.evidence(said, "statements", now=now, before=was, unit="blocks/call", key=suspect.fingerprint)
    return Check(suspect.blocks_factor >= CHANGED, proof)


def is_same_answer(case: Case, suspect: Suspect) -> Check:
    """Ask whether a call returns about as many rows as it used to."""
    if suspect.now is None or suspect.was is None:
        return Check(None)
    now, was = suspect.now.rows_per_call, suspect.was.rows_per_call
    said = f"A call returns {amount(now)} rows, {amount(was)} before: the same answer for more work."
    proof = case.evidence(said, "statements", now=now, before=was, unit="rows/call", key=suspect.fingerprint)
    return Check(now <= 3 * max(was, 1.0), proof)


def reads_more_for_the_same(case: Case, suspect: Suspect) -> tuple[Check, ...]:
    """Ask what every change of a plan shows: one old statement has the load, and reads more for the same answer."""
    return (
        is_one_statement(case),
        reads_more(case, suspect),
        is_same_answer(case, suspect),
        is_known(case, suspect),
    )


def reads_whole_relation(case: Case, suspect: Suspect) -> Check:
    """Ask whether a call touches about as many blocks as its largest relation has."""
    relation = case.largest(suspect)
    if suspect.now is None or (relation is None and suspect.now.blocks_per_call >= _LARGE):
        return Check(None)
    blocks, has, rest = suspect.now.blocks_per_call, 0.0, "no large table is that small."
    if relation is not None:
        has = relation.bytes / _BLOCK
        rest = f"all of {relation.name} ({amount(relation.rows)} rows) is {amount(has)}."
    said = f"A call reads {amount(blocks)} blocks; {rest}"
    was = suspect.was.blocks_per_call if suspect.was else None
    proof = case.evidence(said, "statements", now=blocks, before=was, unit="blocks/call", key=suspect.fingerprint)
    return Check(blocks >= max(_LARGE, _WHOLE * has), proof)


def came_with_release(case: Case, suspect: Suspect) -> Check:
    """Ask whether the statement is seen under a release that became known about the onset, and under no other."""
    seen = case.during.releases.get(suspect.fingerprint)
    earlier = case.before.releases.get(suspect.fingerprint)
    if not seen or not case.was_watched:
        return Check(None)
    if not case.release_changes:
        said = f"No other release was seen than {', '.join(sorted(seen))}."
        return Check(False, case.evidence(said, "releases", now=len(seen), unit="releases"))
    old, new = case.release_changes[-1]
    only = set(seen) == {new.release} and not set(earlier or ()) - {new.release}
    said = (
        f"The statement was seen {amount(sum(seen.values()))} times, only under release {new.release};"
        f" {old.release} ran before."
        if only
        else f"The statement was also seen under {', '.join(sorted({*seen, *(earlier or ())} - {new.release}))}."
    )
    value = ", ".join(sorted(seen))
    return Check(only, case.evidence(said, "sessions", now=value, before=old.release, key=suspect.fingerprint))


def nobody_changed(case: Case) -> Check:
    """Ask whether the added load is the old work, more of it or slower, and not other work."""
    if not case.during.sampled:
        return Check(None)
    changed = [s for s in case.suspects if s.has_changed and s.share >= _MOST]
    if changed and changed[0].blocks_factor is not None:
        return reads_more(case, changed[0]).negated()
    said = f"The statement with most of the added load does {'other' if changed else 'the same'} work a call."
    if not case.suspects:
        said = "No statement took more of the database."
    return Check(not changed, case.evidence(said, "sessions", now=len(changed), unit="statements"))


def is_more_traffic(case: Case) -> Check:
    """Ask whether many more requests arrive than before."""
    now, was = case.during.arrivals_per_s, case.before.arrivals_per_s
    if case.arrivals_factor is None:
        return Check(None)
    said = f"{amount(now)} requests arrived per second, {amount(was)} before."
    proof = case.evidence(said, "application", now=now, before=was, unit="requests/s")
    return Check(case.arrivals_factor >= MORE_TRAFFIC, proof)


def is_same_traffic(case: Case) -> Check:
    """Ask whether about as many requests arrive as before."""
    return is_more_traffic(case).negated()
