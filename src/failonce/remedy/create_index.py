"""Build the index that the culprit statement lacks.

What it sees
    The definition of the index that disappeared, if one did; else the plan of the culprit, and which columns its
    scans compare, join and sort by. A candidate is kept only when the planner takes it and the cost is at least halved.

Why it matters
    It is the smallest change that ends such an outage, and it can be proven before anybody touches production.

What to do
    Build it with CREATE INDEX CONCURRENTLY: reads and writes go on. Watch until the statement's blocks per call are
    back where they were.

Example
    CREATE INDEX CONCURRENTLY reviews_recipe_id_idx ON reviews USING btree (recipe_id): cost 19,897 -> 14
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import PlanProof, PlanSummary, Remedy
from failonce.remedy.advice.statement import WORTH, advise

ID = "create-index"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 1
#: Causes that an index ends.
CURES = frozenset({"missing-index", "unindexed-query", "wrong-index-order", "heavier-query", "inefficient-update"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the index to build, with the planner's word for it; None when no index helps."""
    culprit = diagnosis.culprit
    if diagnosis.cause not in CURES or culprit is None or culprit.query is None:
        return None
    lost = list(_lost(diagnosis))
    if planner is None:
        return _unproven(lost[0]) if lost else None
    before = planner.plan(culprit.query)
    for sql in chain(lost, _advised(culprit.query, planner)):
        after = planner.plan(culprit.query, (sql,))
        if _takes(after, sql) and after.cost <= WORTH * before.cost:
            return _proven(sql, before, after, planner.where)
    return None


def name_of(sql: str) -> str:
    """Return the name of the index a CREATE INDEX statement makes.

    >>> name_of("CREATE INDEX CONCURRENTLY a_idx ON t USING btree (a)")
    'a_idx'
    """
    match = re.search(r'INDEX\s+(?:CONCURRENTLY\s+)?(?:IF NOT EXISTS\s+)?("?[\w$]+"?)\s+ON\b', sql, re.IGNORECASE)
    return match[1].strip('"') if match else ""


def _lost(diagnosis: Diagnosis) -> Iterator[str]:
    """Yield the definitions of the indexes that disappeared, to be built online."""
    for link in diagnosis.chain:
        if link.id == "index-dropped":
            definitions = (e.baseline for e in link.evidence if isinstance(e.baseline, str) and name_of(e.baseline))
            yield from (re.sub(r"^CREATE( UNIQUE)? INDEX ", r"CREATE\1 INDEX CONCURRENTLY ", d) for d in definitions)


def _advised(query: str, planner: Planner) -> Iterator[str]:
    """Yield the one index that helps most, if it needs nothing else first."""
    advice = advise(query, planner, most=1)
    if advice is not None and len(advice.statements) == 1:
        yield from advice.statements


def _takes(plan: PlanSummary, sql: str) -> bool:
    return name_of(sql) in plan.plan


def _undo(sql: str) -> str:
    return f"DROP INDEX CONCURRENTLY IF EXISTS {name_of(sql)}"


def _proven(sql: str, before: PlanSummary, after: PlanSummary, where: str) -> Remedy:
    said = f"Build the index {name_of(sql)}: the planner takes it, and the statement's cost falls"
    said += f" from {before.cost:,.0f} to {after.cost:,.0f}."
    return Remedy(ID, said, sql, _undo(sql), proof=PlanProof(before, after, where))


def _unproven(sql: str) -> Remedy:
    why = "No role that may read the schema was given (operator_dsn), so the plan could not be asked for."
    return Remedy(ID, f"Build the lost index {name_of(sql)} again.", sql, _undo(sql), unproven=why)
