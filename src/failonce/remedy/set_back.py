"""Set back the setting that changed the plans.

What it sees
    A diagnosis that names a changed setting: its name, for whom it holds, and what held before.

Why it matters
    It is the smallest change there is, and undone as easily. New connections obey it: the pool must reconnect.

What to do
    Run it as a superuser, then let the application reconnect (restart it, or end its idle sessions). For a setting of
    the server itself a reload is enough.

Example
    ALTER ROLE shop RESET enable_indexscan
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy
from failonce.remedy.found import evidence

ID = "set-back"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 1
CURES = frozenset({"plan-flip"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the statement that puts the setting back for whom it was changed."""
    changed = evidence(diagnosis, "catalog") if diagnosis.cause in CURES else None
    if changed is None:
        return None
    name, before, scope = changed.pointer.key, changed.baseline, _scope(changed.statement)
    sql = f"ALTER {scope} RESET {name}" if scope else f"ALTER SYSTEM SET {name} = '{before}'"
    undo = f"ALTER {scope} SET {name} = '{changed.value}'" if scope else f"ALTER SYSTEM SET {name} = '{changed.value}'"
    then = "New connections obey it: let the application reconnect." if scope else "Then: SELECT pg_reload_conf()."
    said = f"Set {name} back to {before}{f' for {scope.lower()}' if scope else ''}. {then}"
    return Remedy(ID, said, sql, undo, unproven="It is proven by the blocks per call that follow it.")


def _scope(said: str) -> str:
    """Return for whom a setting was changed, as SQL says it: `ROLE shop IN DATABASE shop`; empty for the server.

    >>> _scope("work_mem was 4MB and is 64kB for role shop in database sales, and 2 more.")
    'ROLE shop IN DATABASE sales'
    """
    _, _, scope = said.rstrip(".").split(", and ")[0].partition(" for ")
    for words, keywords in (("role ", "ROLE "), (" in database ", " IN DATABASE "), ("database ", "DATABASE ")):
        scope = scope.replace(words, keywords, 1)
    return scope
