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
from failonce.diagnose.pace import is_slower, waits_for_its_turn
from failonce.diagnose.part import Part
from failonce.diagnose.questions import is_same_traffic, nobody_changed
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "host"
LEAD = "The machine or a neighbour on it"
KIND = FailureKind.HOST
#: The share of all processors that others must have taken in addition.
_TAKEN = 0.3
#: Or this part of what was free before, and never less than the third figure.
_OF_FREE = 0.6
_LEAST_TAKEN = 0.15
#: Busy share of all processors from which even the shortest statement waits for its turn now and then.
_SATURATED = 0.85


def examine(case: Case) -> Verdict:
    """Return whether somebody else took the machine."""
    names = _neighbours(case)
    by = f" by something other than the database: {names}." if names else " by something other than the database."
    needs = [_is_taken(case), waits_for_its_turn(case), nobody_changed(case), is_same_traffic(case)]
    return weigh(ID, f"The machine's processors or disk were taken{by}", needs=needs, proofs=[_shows(case)])


def _shows(case: Case) -> Check:
    """Where statements are too short to become slower, a machine with next to nothing left shows it."""
    slower, busy = is_slower(case), case.during.host(lambda h: h.cpu_busy)
    if slower.holds or busy is None or busy < _SATURATED:
        return slower
    return Check(True, case.evidence(f"The processors are {percent(busy)} busy.", "host", now=busy, unit="share"))


def taken(part: Part) -> float | None:
    """Return the share of the machine that others had: processors, steal, waiting for the disk."""
    busy, database = part.host(lambda h: h.cpu_busy), part.host(lambda h: h.cpu_database)
    lost = part.host(lambda h: h.cpu_iowait + h.cpu_steal)
    return None if busy is None or database is None or lost is None else max(0.0, busy - database) + lost


def _is_taken(case: Case) -> Check:
    """The application may live on the same machine: what it took in addition is its own, and told by itself."""
    now, was = taken(case.during), taken(case.before)
    if now is None or was is None:
        return Check(None)
    own = _grown_application(case)
    database = case.during.host(lambda h: h.cpu_database) or 0.0
    said = f"Others than PostgreSQL took {percent(now)} of the processors (iowait and steal included), {percent(was)}"
    said += f" before; PostgreSQL itself {percent(database)}."
    if own >= _TAKEN / 2:
        said += f" {percent(own)} more than before were the application's."
    return Check(now - was - own >= _much(case), case.evidence(said, "host", now=now, before=was, unit="share"))


def _much(case: Case) -> float:
    """Return the share that counts as taken: of a machine that was half busy already, less is left to take."""
    free = 1 - (case.before.host(lambda h: h.cpu_busy) or 0.0)
    return max(_LEAST_TAKEN, min(_TAKEN, _OF_FREE * free))


def _grown_application(case: Case) -> float:
    """Return what the application took in addition, as a share of all cores; nothing where it does not tell."""
    now, was = case.during.application_cpu(), case.before.application_cpu()
    cores = next((s.host.cores for s in case.during.snapshots if s.host is not None), None)
    return 0.0 if now is None or was is None or not cores else max(0.0, now - was) / cores


def _neighbours(case: Case) -> str:
    """Return the programs that take most, as last seen."""
    seen = next((s.host.neighbours for s in reversed(case.during.snapshots) if s.host and s.host.neighbours), ())
    return ", ".join(f"{neighbour.name} {percent(neighbour.cpu)}" for neighbour in seen)
