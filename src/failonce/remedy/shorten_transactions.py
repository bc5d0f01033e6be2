"""Hold a row that everybody wants for as short as can be.

What it sees
    A diagnosis that names a hot row, the statement that takes it, and how many pass per second.

Why it matters
    Whatever passes one at a time passes as often as one second holds its turns: a row held for 0.6 s serves 1.6
    transactions a second, on any machine.

What to do
    Move the statement to the end of its transaction, and what waits for others out of it. Where gaps do no harm, let a
    sequence give numbers: it is not held until commit. Let workers skip what others hold.

Example
    begin; insert ...; update counters set value = value + 1 where name = $1; commit
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy

ID = "shorten-transactions"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 5
CURES = frozenset({"hot-row"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the rewrite that holds the row for a shorter time."""
    culprit = diagnosis.culprit
    if diagnosis.cause not in CURES or culprit is None or culprit.query is None:
        return None
    table = culprit.relations[0] if culprit.relations else "the table"
    why = "What a transaction does besides is a matter of the application's code; the queue after it will tell."
    return Remedy(
        ID, f"{_rewrite(culprit.query, table)} Call nobody else while the row is held.", None, None, unproven=why
    )


def _rewrite(query: str, table: str) -> str:
    if " for update" in query and " limit " in query:
        return f"Let workers pass over what others hold: `{query} skip locked`."
    if " for update" in query:
        said = f"Do not lock the row of {table} to read it and write it back later: change it in one statement, as the"
        return f"{said} last one before commit: `update {table} set ... where ... returning ...`."
    said = f"Make this the last statement before commit: `{query}`. Where gaps do no harm, take the number from a"
    return f"{said} sequence: nextval is not held until commit."
