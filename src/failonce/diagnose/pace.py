"""Whether everybody became slower: how long the same statements take now, against before.

A full machine, a busy disk and a vacuum slow every statement down alike; another service, or a longer way, none.
"""

from __future__ import annotations

from dataclasses import dataclass

from failonce.amount import amount
from failonce.diagnose.case import Case
from failonce.diagnose.part import Part
from failonce.diagnose.weigh import Check

#: Statements that take so many times as long are slower; less is a busy minute.
SLOWER = 1.5
#: The part of the added time that may be the server's where the rest is spent elsewhere.
_LITTLE = 0.25
#: Milliseconds by which a round trip may grow while the machine is merely busier.
_TRIP_MS = 2.0


def pace_factor(case: Case) -> float | None:
    """Return how long the finished calls took, against the same calls at their former pace.

    Weighted by time, not the median statement: one that needs a millisecond gets its turn at once even on a full
    machine, and waits only where there is more to do than fits into a turn.
    """
    now, was = case.during.statements, case.before.statements
    both = [key for key in now if key in was and now[key].calls >= 3 and was[key].calls >= 3]
    expected_ms = sum(now[key].calls * was[key].ms_per_call for key in both)
    return sum(now[key].exec_ms for key in both) / expected_ms if expected_ms else None


def is_as_quick(case: Case) -> Check:
    """Ask whether the database answers as quickly as before: by its statements, else by the smallest round trip."""
    factor = pace_factor(case)
    if factor is not None:
        said = f"Statements take {amount(factor)} times what they took before, measured in the server."
        return Check(factor <= SLOWER, case.evidence(said, "statements", now=factor, before=1.0, unit="ratio"))
    now, was = case.during.probe_ms, case.before.probe_ms
    if now is None or was is None:
        return Check(None)
    said = f"A round trip to the database takes {amount(now, 'ms')}, {amount(was, 'ms')} before."
    return Check(now - was <= _TRIP_MS, case.evidence(said, "probe", now=now, before=was, unit="ms"))


def waits_for_its_turn(case: Case) -> Check:
    """Ask whether what the database does waits: its statements, or where they are too short to tell, the round trip."""
    statements, now, was = is_as_quick(case).negated(), case.during.probe_ms, case.before.probe_ms
    if statements.holds or now is None or was is None:
        return statements
    said = f"A round trip to the database takes {amount(now, 'ms')}, {amount(was, 'ms')} before."
    trip = Check(now - was > _TRIP_MS, case.evidence(said, "probe", now=now, before=was, unit="ms"))
    return trip if trip.holds else statements


def is_elsewhere(case: Case) -> Check:
    """Ask whether the time that requests take in addition is spent outside the server, as far as both were measured.

    A busy application on the same machine slows the database down a little, too: what counts is how much of the added
    time that explains.
    """
    now, was = _per_request_ms(case.during), _per_request_ms(case.before)
    if now is None or was is None or now.answer_ms <= was.answer_ms:
        return is_as_quick(case)
    added, there = now.answer_ms - was.answer_ms, now.server_ms - was.server_ms
    said = (
        f"A request takes {amount(added, 'ms')} more on average, {amount(max(there, 0.0), 'ms')} of it in the server."
    )
    return Check(
        there <= _LITTLE * added, case.evidence(said, "statements", now=there, before=added, unit="ms/request")
    )


@dataclass(frozen=True, slots=True)
class _Request:
    """What the average request took: from end to end, and in the server."""

    answer_ms: float
    server_ms: float


def _per_request_ms(part: Part) -> _Request | None:
    requests = sum(a.requests for a in part.applications)
    seconds = sum(route.seconds for a in part.applications for route in a.routes)
    if not requests or not seconds or not part.statement_seconds:
        return None
    # Statements and requests are read at other instants: both as rates.
    requests_per_s = requests / sum(a.interval_s for a in part.applications)
    server_ms_per_s = sum(work.exec_ms for work in part.statements.values()) / part.statement_seconds
    return _Request(1000 * seconds / requests, server_ms_per_s / requests_per_s)


def is_slower(case: Case) -> Check:
    """Ask whether statements that do the same work take longer."""
    factor, work = pace_factor(case), case.work_factor
    if factor is None:
        return Check(None)
    said = f"Statements take {amount(factor)} times what they took, for {amount(work)} times the blocks (median)."
    same = work is not None and 0.5 <= work <= 2
    return Check(factor >= SLOWER and same, case.evidence(said, "statements", now=factor, before=1.0, unit="ratio"))
