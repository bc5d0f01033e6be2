"""Who holds back vacuum: the session whose transaction may still see rows that are dead to everybody else."""

from __future__ import annotations

from collections import Counter

from failonce.amount import amount
from failonce.diagnose.case import Case, bare
from failonce.diagnose.suspect import Suspect
from failonce.diagnose.weigh import Check
from failonce.model.snapshot import Session

#: A transaction that is younger than this holds vacuum back no longer than a large report does, seconds.
_OLD_S = 5.0
#: The share of the samples in which the same session must be the oldest.
_STAYS = 0.6
#: Dead rows for each row alive from which most of a table is wreckage, and how many of them are worth a word.
_FAR_MORE = 5.0
_MANY = 5000


def holder(case: Case) -> Session | None:
    """Return the session that held the horizon in most samples, as last seen; None when it is another each time."""
    oldest = [max(held, key=_age_s) for sample in case.during.sampled if (held := [s for s in sample if _holds(s)])]
    if not oldest:
        return None
    pid, seen = Counter(session.pid for session in oldest).most_common(1)[0]
    return [s for s in oldest if s.pid == pid][-1] if seen >= _STAYS * len(case.during.sampled) else None


def holds_the_horizon(case: Case) -> Check:
    """Ask whether one old transaction keeps vacuum from removing what died since it began."""
    if not case.during.sampled:
        return Check(None)
    session = holder(case)
    if session is None:
        said = f"No transaction older than {amount(_OLD_S, 's')} held back vacuum throughout."
        return Check(False, case.evidence(said, "sessions", now=0, unit="sessions"))
    age_s = amount(session.transaction_age_s, "s")
    said = f"Session {session.pid} has had a transaction open for {age_s} ({session.state});"
    said += f" {amount(session.horizon_age)} transactions began since, and vacuum keeps what they left."
    proof = case.evidence(said, "sessions", now=session.transaction_age_s, unit="s", key=str(session.pid))
    return Check(_age_s(session) >= _OLD_S, proof)


def dead_rows_stay(case: Case, suspect: Suspect) -> Check:
    """Ask whether a table the statement reads has far more dead rows than rows alive, while the horizon is held.

    They gather slowly, so they are not held against what was there just before the onset.
    """
    held = holds_the_horizon(case)
    named = {bare(name) for name in suspect.relations}
    states = [
        row for name, row in case.during.table_states.items() if bare(name) in named and row.live_rows is not None
    ]
    if held.holds is not True:
        return held
    if not states:
        return Check(None)
    worst = max(states, key=lambda row: row.dead_rows / max(row.live_rows or 0, 1))
    said = f"{worst.relation} holds {amount(worst.dead_rows)} dead rows beside {amount(worst.live_rows)} alive."
    proof = case.evidence(said, "tables", now=worst.dead_rows, unit="rows", key=worst.relation)
    return Check(worst.dead_rows >= max(_FAR_MORE * (worst.live_rows or 0), _MANY), proof)


def _holds(session: Session) -> bool:
    return bool(session.horizon_age)


def _age_s(session: Session) -> float:
    return session.transaction_age_s or 0.0
