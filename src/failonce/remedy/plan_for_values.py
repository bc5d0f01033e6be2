"""Plan a prepared statement for its values again.

What it sees
    A diagnosis that names a plan made for any value.

Why it matters
    The plan itself shows what is wrong with it: the twin plans the statement with parameters, as a prepared one, and
    that plan is the bad one. Planned with its values the statement did a small part of that work until the onset.

What to do
    Set plan_cache_mode for the application's role, and let it reconnect; planning costs a fraction of a millisecond a
    call. Or tell the driver not to prepare (prepareThreshold=0, prepare_threshold=None, statement_cache_size=0).

Example
    ALTER ROLE shop SET plan_cache_mode = force_custom_plan
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy

ID = "plan-for-values"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 1
CURES = frozenset({"generic-plan"})


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the setting under which each call is planned for its own values."""
    if diagnosis.cause not in CURES:
        return None
    sql = "ALTER ROLE CURRENT_USER SET plan_cache_mode = force_custom_plan"
    said = "Plan each call for its own values. Run it as the application's role; new sessions obey it."
    undo = "ALTER ROLE CURRENT_USER RESET plan_cache_mode"
    return Remedy(ID, said, sql, undo, unproven="A plan for a value needs the value, which never leaves the database.")
