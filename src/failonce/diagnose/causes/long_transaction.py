"""A transaction stays open and keeps dead rows alive for everybody.

What it sees
    An old statement that reads many times the blocks a call for the same answer, from a table that fills with dead
    rows; and one session, the same in most samples, whose transaction is older than they are and may still see them.

Why it matters
    Vacuum runs and removes nothing: what died after the oldest snapshot began stays. Queues and counters melt down
    first, for each lookup wades through all that was there before. Neither VACUUM nor an index helps.

What to do
    End the session, then vacuum the table. Run reports on a replica; bound transactions with
    idle_in_transaction_session_timeout and, from PostgreSQL 17 on, transaction_timeout.

Example
    session 4711 (report) has had a transaction open for 31 s; messages: 90,000 dead rows beside 800, 4 vacuums in vain
"""

from failonce.amount import amount
from failonce.diagnose.case import Case
from failonce.diagnose.horizon import dead_rows_stay, holder, holds_the_horizon
from failonce.diagnose.questions import is_one_statement, reads_more_for_the_same
from failonce.diagnose.suspect import Suspect
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Culprit, Verdict
from failonce.model.failure import FailureKind
from failonce.model.snapshot import Session
from failonce.sqltext import relations

ID = "long-transaction"
LEAD = "A transaction that holds back vacuum"
KIND = FailureKind.VACUUM
#: What it sets off began with itself.
TRIGGERS = ()


def examine(case: Case) -> Verdict:
    """Return whether an open transaction keeps the dead rows that the statement wades through."""
    suspect, session = case.suspect, holder(case)
    if suspect is None or session is None:
        return weigh(ID, LEAD, needs=[is_one_statement(case) if suspect is None else holds_the_horizon(case)])
    whose = session.application or f"user {session.user}"
    statement = f"Session {session.pid} ({whose}) keeps a transaction open: what has died since, vacuum must keep,"
    statement += " and every statement wades through it."
    return weigh(
        ID,
        statement,
        needs=[
            holds_the_horizon(case),
            dead_rows_stay(case, suspect),
            *reads_more_for_the_same(case, suspect),
        ],
        proofs=[_vacuum_is_in_vain(case, suspect)],
        culprit=_culprit(case, session),
    )


def _culprit(case: Case, session: Session) -> Culprit:
    text = case.window.queries.get(session.fingerprint or "")
    return Culprit(
        query=text,
        fingerprint=session.fingerprint,
        relations=relations(text) if text else (),
        release=session.release,
        sessions=(session.pid,),
        application=session.application or None,
        user=session.user or None,
    )


def _vacuum_is_in_vain(case: Case, suspect: Suspect) -> Check:
    """Ask whether vacuum ran and the dead rows are there all the same; that it did not run says nothing."""
    rows = (row for s in case.during.snapshots if s.tables for row in s.tables.rows)
    readings = [row for row in rows if row.relation in suspect.relations]
    vacuums = sum(row.vacuums for row in readings)
    if not vacuums:
        return Check(None)
    dead, relation = max((row.dead_rows, row.relation) for row in readings)
    said = f"Vacuum ran {amount(vacuums)} times on {relation} and left {amount(dead)} dead rows."
    proof = case.evidence(said, "tables", now=dead, unit="rows", key=relation)
    return Check(dead > 0, proof)
