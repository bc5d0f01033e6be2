"""Questions about how often statements are called, and by whom: what an application changes and a database does not."""

from __future__ import annotations

from failonce.amount import amount, percent
from failonce.diagnose.case import Case
from failonce.diagnose.surge import Surge
from failonce.diagnose.suspect import CHANGED
from failonce.diagnose.weigh import Check
from failonce.model.diagnosis import Culprit
from failonce.sqltext import relations

#: Calls per request from which a list is fetched row by row; what runs once or twice a request is part of the page.
_ROW_BY_ROW = 3.0
#: The share of all that was added, in calls or in time, from which it is this statement's doing.
_MOST = 0.35
#: The same for sessions at work: more than all others together.
_MOST_LOAD = 0.5
#: Blocks a call may touch and still be a mere look-up.
_LOOK_UP = 100


def culprit(case: Case, found: Surge) -> Culprit:
    """Return the statement as the one to be named; its release from its samples, or the one that came about then."""
    seen = case.during.releases.get(found.fingerprint)
    return Culprit(
        query=found.text,
        fingerprint=found.fingerprint,
        relations=relations(found.text) if found.text else (),
        release=seen.most_common(1)[0][0] if seen else None,
        sessions=case.during.pids(found.fingerprint),
    )


def is_called_more(case: Case, found: Surge | None) -> Check:
    """Ask whether a statement is called many times as often."""
    if not case.during.statement_seconds or not case.before.statement_seconds:
        return Check(None)
    if found is None:
        return Check(False, case.evidence("No statement is called many times as often as before.", "statements", now=0))
    now, before = found.calls_per_s, found.calls_per_s_before
    said = f"The statement is called {amount(now)} times per second, {amount(before)} before."
    proof = case.evidence(said, "statements", now=now, before=before, unit="calls/s", key=found.fingerprint)
    return Check(True, proof)


def is_row_by_row(case: Case, found: Surge) -> Check:
    """Ask whether each request runs it several times over."""
    arrivals = case.during.arrivals_per_s
    if not arrivals:
        return Check(None)
    now = found.calls_per_s / arrivals
    was = found.calls_per_s_before / case.before.arrivals_per_s if case.before.arrivals_per_s else None
    said = f"That is {amount(now)} calls for each request that arrives, over all routes"
    said += f"; {amount(was)} before." if was is not None else "."
    proof = case.evidence(said, "statements", now=now, before=was, unit="calls/request", key=found.fingerprint)
    return Check(now >= _ROW_BY_ROW, proof)


def is_a_look_up(case: Case, found: Surge) -> Check:
    """Ask whether a call does little: a row by its key."""
    blocks, ms = found.now.blocks_per_call, found.now.ms_per_call
    said = f"A call reads {amount(blocks)} blocks and takes {amount(ms, 'ms')}."
    return Check(blocks <= _LOOK_UP, case.evidence(said, "statements", now=blocks, unit="blocks/call"))


def is_same_work(case: Case, found: Surge) -> Check:
    """Ask whether a call does what it always did."""
    if found.was is None:
        return Check(False, case.evidence("The statement did not run before.", "statements", now=found.fingerprint))
    now, was = found.now.blocks_per_call, found.was.blocks_per_call
    said = f"A call reads {amount(now)} blocks, {amount(was)} before: the same work, more often."
    proof = case.evidence(said, "statements", now=now, before=was, unit="blocks/call", key=found.fingerprint)
    return Check(now < CHANGED * max(was, 1.0), proof)


def has_most_calls(case: Case, found: Surge) -> Check:
    """Ask whether most of the calls that were added are its own."""
    share = found.share_of_calls
    said = f"{percent(share)} of the calls that were added are its own."
    return Check(share >= _MOST, case.evidence(said, "statements", now=share, unit="share", key=found.fingerprint))


def has_most_time(case: Case, found: Surge) -> Check:
    """Ask whether most of the statement time that was added is its own."""
    share = found.share_of_time
    said = f"{percent(share)} of the statement time that was added is its own."
    return Check(share >= _MOST, case.evidence(said, "statements", now=share, unit="share", key=found.fingerprint))


def has_most_load(case: Case, found: Surge) -> Check:
    """Ask whether most of the sessions that came to be at work are at work on it, finished or not.

    A release empties every cache it restarts: for some seconds what they hold is worked out anew, beside the fault.
    """
    if not case.during.sampled:
        return Check(None)
    share = next((s.share_of_all for s in case.suspects if s.fingerprint == found.fingerprint), 0.0)
    said = f"{percent(share)} of the load that was added is its own."
    return Check(share >= _MOST_LOAD, case.evidence(said, "sessions", now=share, unit="share", key=found.fingerprint))


def is_the_applications(case: Case, found: Surge) -> Check:
    """Ask whether those who run it also ran statements before: the application, not a batch beside it."""
    seen = case.during.clients.get(found.fingerprint)
    if not seen:
        return Check(None)
    known = frozenset().union(*case.before.clients.values()) if case.before.clients else frozenset()
    said = f"It is run by {', '.join(sorted(seen))}, which ran statements before."
    return Check(seen <= known, case.evidence(said, "sessions", now=len(seen), unit="applications"))
