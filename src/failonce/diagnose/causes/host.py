"""The machine gives the database less than it did: its processors or its disk are taken.

What it sees
    Processor time taken by others than PostgreSQL, stolen by the hypervisor or spent waiting for the disk, before and
    during. PostgreSQL's own processor time is work that somebody asked for, not a fault of the machine.

Why it matters
    "The server is at 100 %" names no cause: mostly the database does it to itself, at a query's request.

What to do
    Find the neighbour process, or ask the provider about steal and disk throughput.

Example
    others took 71 % of the processors, 6 % before; every statement reads the same blocks, slower
"""

from failonce.amount import percent
from failonce.diagnose.case import Case
from failonce.diagnose.part import Part
from failonce.diagnose.questions import is_same_traffic, nobody_changed
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict

ID = "host"
LEAD = "The machine or a neighbour on it"
#: The share of all processors that others must have taken in addition.
_TAKEN = 0.3


def examine(case: Case) -> Verdict:
    """Return whether somebody else took the machine."""
    statement = "The machine's processors or disk were taken by something other than the database."
    needs = [_is_taken(case), nobody_changed(case), is_same_traffic(case)]
    return weigh(ID, statement, needs=needs, proofs=[_everybody_is_slower(case)])


def taken(part: Part) -> float | None:
    """Return the share of the machine that others had: processors, steal, waiting for the disk."""
    busy, database = part.host(lambda h: h.cpu_busy), part.host(lambda h: h.cpu_database)
    lost = part.host(lambda h: h.cpu_iowait + h.cpu_steal)
    return None if busy is None or database is None or lost is None else max(0.0, busy - database) + lost


def _is_taken(case: Case) -> Check:
    now, was = taken(case.during), taken(case.before)
    if now is None or was is None:
        return Check(None)
    database = case.during.host(lambda h: h.cpu_database) or 0.0
    said = (
        f"Others than PostgreSQL took {percent(now)} of the processors (iowait and steal included), {percent(was)}"
        f" before; PostgreSQL itself {percent(database)}."
    )
    return Check(now - was >= _TAKEN, case.evidence(said, "host", now=now, before=was, unit="share"))


def _everybody_is_slower(case: Case) -> Check:
    now, was = case.during.statements, case.before.statements
    both = [key for key in now if key in was and now[key].calls >= 3 and was[key].calls >= 3]
    if not both:
        return Check(None)
    slower = sum(now[k].ms_per_call > 1.5 * was[k].ms_per_call for k in both) / len(both)
    said = f"{percent(slower)} of the statements take longer a call than before."
    proof = case.evidence(said, "statements", now=slower, unit="share")
    same = case.work_factor is not None and 0.5 <= case.work_factor <= 2
    return Check(slower >= 0.5 and same, proof)
