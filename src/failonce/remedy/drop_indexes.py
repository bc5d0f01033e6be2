"""Drop the indexes that writes pay for and no scan uses.

What it sees
    A diagnosis of too many indexes, and which of the new ones no scan ever used.

Why it matters
    It takes a moment, frees the writes at once and can be undone: the definitions are in the catalog that was recorded.

What to do
    Drop them concurrently, one after the other, outside a transaction: no write waits for that. What a constraint needs
    is not among them. Look first whether a standby uses them: it counts for itself.

Example
    DROP INDEX CONCURRENTLY IF EXISTS cart_events_details
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy
from failonce.remedy.found import evidence

ID = "drop-indexes"
RANK = 1
CURES = frozenset({"over-indexing"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the statement that drops the first of them; the others come after it."""
    idle = evidence(diagnosis, "catalog", "names") if diagnosis.cause in CURES else None
    if idle is None or not isinstance(idle.value, str):
        return None
    names = idle.value.split(", ")
    said = (
        f"Drop the {len(names)} new indexes on {idle.pointer.key} that no scan ever used, one after the other; ask the"
        " standbys' pg_stat_user_indexes first."
    )
    undo = "Create it again, concurrently: its definition is in the recording's catalog, or in the migration."
    others = tuple(f"Likewise: {_drop(name)}" for name in names[1:])
    why = "It is proven by the blocks a write touches afterwards."
    return Remedy(ID, said, _drop(names[0]), undo, unproven=why, afterwards=others)


def _drop(name: str) -> str:
    return f"DROP INDEX CONCURRENTLY IF EXISTS {name}"
