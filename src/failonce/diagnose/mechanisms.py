"""How a cause became what users felt: the links between the cause and the symptoms.

Each mechanism looks at the facts alone, whatever the cause was, and contributes a link when they carry it.
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.amount import amount, percent
from failonce.diagnose.case import Case
from failonce.diagnose.lock_questions import in_each_others_way
from failonce.diagnose.questions import reads_whole_relation
from failonce.model.diagnosis import Evidence, Link, LinkKind

#: Busy share of all processors from which every statement waits for its turn.
_SATURATED = 0.9


def mechanisms(case: Case, *, blames_statement: bool) -> tuple[Link, ...]:
    """Return the mechanisms at work, in the order in which one leads to the next."""
    scan = _full_scan(case) if blames_statement else ()
    return (*scan, *_deadlocks(case), *_lock_queue(case), *_saturation(case), *_full_pool(case), *_elsewhere(case))


def _full_scan(case: Case) -> Iterator[Link]:
    suspect = case.suspect
    relation = case.largest(suspect) if suspect else None
    if suspect is None or relation is None:
        return
    check = reads_whole_relation(case, suspect)
    if not check.holds or check.evidence is None or _is_left_alone(case, relation.name):
        return
    evidence = (check.evidence, *_sequential_scans(case, relation.name))
    said = f"Each call scans {relation.name}, {amount(relation.rows)} rows, to answer with a handful."
    yield Link(LinkKind.MECHANISM, "full-scan", said, evidence)


def _is_left_alone(case: Case, relation: str) -> bool:
    """Tell whether tables were seen and this one was not scanned more: then the blocks are those of another."""
    if not case.during.tables:
        return False
    now, was = case.during.tables.get(relation), case.before.tables.get(relation)
    return (now.rows_per_s if now else 0.0) <= (was.rows_per_s if was else 0.0)


def _sequential_scans(case: Case, relation: str) -> Iterator[Evidence]:
    now, was = case.during.tables.get(relation), case.before.tables.get(relation)
    if now is not None and now.rows_per_s:
        before = was.rows_per_s if was else 0.0
        said = f"Sequential scans read {amount(now.rows_per_s)} rows of {relation} per second, {amount(before)} before."
        yield case.evidence(said, "tables", now=now.rows_per_s, before=before, unit="rows/s", key=relation)


def _deadlocks(case: Case) -> Iterator[Link]:
    now, was = case.during.deadlocks, case.before.deadlocks or 0
    if not now or now <= was:
        return
    said = f"The server ended {amount(now)} deadlocks since the onset, {amount(was)} before."
    proof = case.evidence(said, "database", now=now, before=was, unit="deadlocks")
    said = "Transactions that wait for each other stand still until the server ends one as a deadlock."
    yield Link(LinkKind.MECHANISM, "deadlocks", said, (proof,))


def _lock_queue(case: Case) -> Iterator[Link]:
    now, was = case.during.waits.get("Lock", 0.0), case.before.waits.get("Lock", 0.0)
    # Two that wait for each other are a queue of their own, however short the others' is.
    if now - was < 1 and not in_each_others_way(case).holds:
        return
    said = f"{amount(now)} of {amount(case.during.active)} active sessions waited for a lock, {amount(was)} before."
    proof = case.evidence(said, "sessions", now=now, before=was, unit="sessions")
    yield Link(
        LinkKind.MECHANISM, "lock-queue", "Sessions queue for a lock and hold their connections meanwhile.", (proof,)
    )


def _saturation(case: Case) -> Iterator[Link]:
    busy, was = case.during.host(lambda h: h.cpu_busy), case.before.host(lambda h: h.cpu_busy)
    if busy is None or busy < _SATURATED:
        return
    database = case.during.host(lambda h: h.cpu_database)
    said = f"The processors are {percent(busy)} busy"
    said += f", {percent(database)} with PostgreSQL." if database is not None else "."
    before = f" They were {percent(was)} busy before." if was is not None else ""
    proof = case.evidence(said + before, "host", now=busy, before=was, unit="share")
    yield Link(LinkKind.MECHANISM, "cpu-saturation", "Work queues for the processors: everything slows down.", (proof,))


def _full_pool(case: Case) -> Iterator[Link]:
    waiting, was = case.during.pool_waiting, case.before.pool_waiting
    in_use, size = case.during.pool_in_use, case.during.pool_size
    if not waiting or waiting < 1 or in_use is None or size is None:
        return
    said = f"{amount(in_use)} of {size} pool connections were in use; {amount(waiting)} requests waited for one"
    said += f", {amount(was)} before." if was is not None else "."
    proof = case.evidence(said, "application", now=waiting, before=was, unit="requests")
    evidence = (proof, *_arithmetic(case, size))
    yield Link(LinkKind.MECHANISM, "pool-exhaustion", "The connection pool is full: fast requests wait too.", evidence)


def _arithmetic(case: Case, size: int) -> Iterator[Evidence]:
    """Little's law, twice: what the statement holds of the pool now, and what it would need at its former duration."""
    suspect = case.suspect
    seconds = sum(s.statements.interval_s for s in case.before.snapshots if s.statements)
    if suspect is None or suspect.was is None or not seconds or suspect.load < size / 4:
        return
    calls, each_ms = suspect.was.calls / seconds, suspect.was.ms_per_call
    said = f"The statement alone holds {amount(suspect.load)} of {size} connections; as it was, {amount(calls)} calls/s"
    said += f" × {amount(each_ms, 'ms')} would need {amount(calls * each_ms / 1000)}."
    needed = calls * each_ms / 1000
    yield case.evidence(said, "sessions", now=suspect.load, before=needed, unit="connections", key=suspect.fingerprint)


def _elsewhere(case: Case) -> Iterator[Link]:
    now, inside = case.during.elsewhere, case.during.in_flight
    if now is None or not inside or now < 0.5 * inside or now < 2:
        return
    said = f"{amount(now)} of {amount(inside)} requests in flight were outside the database."
    proof = case.evidence(said, "application", now=now, before=case.before.elsewhere, unit="requests")
    yield Link(LinkKind.MECHANISM, "time-outside-database", "Requests spend their time outside the database.", (proof,))
