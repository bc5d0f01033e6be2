"""End the session at the root of the lock queues.

What it sees
    A diagnosis that names a blocking session: its pid, whose it is, and what it ran last.

Why it matters
    Nothing else helps while it holds its lock: the waiters cannot be tuned.

What to do
    End it, after a look at whose it is: its open transaction is rolled back. failonce never does it by itself. A
    migration is then run again with a lock_timeout, until it gets its lock without anybody behind it.

Example
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = 4711 AND application_name = 'psql'
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.model.diagnosis import Culprit, Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy
from failonce.remedy.limits import lock_timeout_ms, quoted, why_so_long

ID = "end-session"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 3
CURES = frozenset({"blocking-session", "long-transaction"})
_MIGRATION = ("alter", "create", "drop", "truncate", "reindex", "lock", "vacuum full", "cluster", "refresh")


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the statement that ends the root session."""
    culprit = diagnosis.culprit
    if diagnosis.cause not in CURES or culprit is None or not culprit.sessions:
        return None
    pid = culprit.sessions[0]
    whose = f" ({culprit.application})" if culprit.application else ""
    said = (
        f"End session {pid}{whose}: its transaction is rolled back and what it holds is free. Look first whose it is."
    )
    why = "What a session was about to do cannot be planned; the recovery will tell."
    return Remedy(ID, said, _sql(pid, culprit), None, unproven=why, afterwards=tuple(_afterwards(diagnosis, culprit)))


def _sql(pid: int, culprit: Culprit) -> str:
    """Return the statement; a pid that was given to somebody else meanwhile is left alone."""
    if culprit.application is None:
        return f"SELECT pg_terminate_backend({pid})"
    still = f"application_name = {quoted(culprit.application)}"
    return f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = {pid} AND {still}"


def _afterwards(diagnosis: Diagnosis, culprit: Culprit) -> Iterator[str]:
    query, wait_ms = culprit.query or "", lock_timeout_ms(diagnosis)
    if query.startswith(_MIGRATION):
        yield (
            f"Run the migration again behind `SET lock_timeout = '{wait_ms}ms'` ({why_so_long(diagnosis)}), and repeat"
            " it until it gets its lock: it then steps back instead of standing in front of everybody."
        )
    elif "advisory_lock" in query:
        yield "Take this lock with pg_advisory_xact_lock: it then ends with the transaction, not with the session."
    else:
        role = culprit.user or "CURRENT_USER"
        yield (
            f"Run `ALTER ROLE {role} SET idle_in_transaction_session_timeout = '60s'`: a transaction that a person"
            " forgot then ends by itself."
        )
