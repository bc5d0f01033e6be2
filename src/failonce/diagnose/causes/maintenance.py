"""The server's own housekeeping, or somebody's, takes the machine.

What it sees
    Vacuums, analyzes, index builds, table rewrites and backups under way since the onset and not before, while every
    statement does the same work and takes longer.

Why it matters
    Autovacuum's workers are no client's sessions: they stand in no list of slow queries, and the statements on top of
    that list are victims.

What to do
    Put the cost limit back (autovacuum_vacuum_cost_delay, vacuum_cost_limit) and give them memory; move what somebody
    started to another hour. Do not turn autovacuum off: the debt only grows.

Example
    3 vacuums of reviews, favourites and recipes under way; the median statement takes 4 times as long
"""

from collections import Counter

from failonce.amount import amount
from failonce.diagnose.case import Case
from failonce.diagnose.pace import is_slower
from failonce.diagnose.part import Part
from failonce.diagnose.questions import is_same_traffic
from failonce.diagnose.suspect import Suspect
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Culprit, Verdict
from failonce.model.failure import FailureKind
from failonce.model.snapshot import Task

ID = "maintenance"
LEAD = "Maintenance or a backup under way"
KIND = FailureKind.MAINTENANCE
TRIGGERS = ("setting-changed",)
#: The share of the readings in which it must be under way.
_MOST = 0.5
#: The processor time PostgreSQL must take in addition, as a share of all cores.
_TAKEN = 0.2


def examine(case: Case) -> Verdict:
    """Return whether maintenance took what the statements lack."""
    tasks = _tasks(case.during)
    what = _told(tasks)
    return weigh(
        ID,
        f"Maintenance takes the machine: {what}." if tasks else LEAD,
        needs=[_is_under_way(case, what), is_slower(case), _nobody_else_changed(case, tasks)],
        proofs=[is_same_traffic(case), _database_works_more(case)],
        culprit=Culprit(
            query=None,
            fingerprint=None,
            relations=tuple(sorted({t.relation for t in tasks if t.relation})),
            release=None,
            sessions=tuple(sorted({t.pid for t in tasks})),
        ),
    )


def _tasks(part: Part) -> tuple[Task, ...]:
    return tuple(dict.fromkeys(t for s in part.snapshots if s.server for t in s.server.tasks))


def _told(tasks: tuple[Task, ...]) -> str:
    """Return what is under way in words: `vacuum of recipes and reviews`."""
    kinds = Counter(t.kind for t in tasks)
    tables = sorted({t.relation.rsplit(".", 1)[-1] for t in tasks if t.relation})
    said = ", ".join(f"{n} × {kind}" if n > 1 else kind for kind, n in kinds.most_common())
    return f"{said} of {', '.join(tables)}" if tables else said


def _present(part: Part) -> float | None:
    """Return the share of the readings in which anything was under way."""
    readings = [s.server for s in part.snapshots if s.server is not None]
    return sum(bool(r.tasks) for r in readings) / len(readings) if readings else None


def _is_under_way(case: Case, what: str) -> Check:
    now, was = _present(case.during), _present(case.before)
    if now is None:
        return Check(None)
    said = f"Under way since the onset: {what}." if now else "No vacuum, analyze, index build or backup was under way."
    proof = case.evidence(said, "server", now=now, before=was, unit="share")
    return Check(now >= _MOST and now - (was or 0.0) >= _MOST, proof)


def _nobody_else_changed(case: Case, tasks: tuple[Task, ...]) -> Check:
    """Ask whether the other statements do their old work: what somebody started by hand is itself a new statement."""
    if not case.during.sampled:
        return Check(None)
    pids = {t.pid for t in tasks}
    changed = [s for s in case.suspects if s.has_changed and not _is_task(case, s, pids)]
    said = f"{amount(len(changed))} other statements with a load of their own do other work than before."
    return Check(not changed, case.evidence(said, "sessions", now=len(changed), unit="statements"))


def _is_task(case: Case, suspect: Suspect, pids: set[int]) -> bool:
    return bool(pids) and set(case.during.pids(suspect.fingerprint)) <= pids


def _database_works_more(case: Case) -> Check:
    now, was = case.during.host(lambda h: h.cpu_database), case.before.host(lambda h: h.cpu_database)
    if now is None or was is None:
        return Check(None)
    said = f"PostgreSQL's processes take {amount(100 * now)} % of the processors, {amount(100 * was)} % before."
    return Check(now - was >= _TAKEN, case.evidence(said, "host", now=now, before=was, unit="share"))
