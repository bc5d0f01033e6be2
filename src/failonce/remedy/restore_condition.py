"""Write the condition so that the planner can use it.

What it sees
    A diagnosis whose culprit compares a cast or computed column: lost partitions, or a parameter of another type.

Why it matters
    A function or cast around the column hides it from indexes and from the choice of partitions. The same condition,
    turned around, does not.

What to do
    Compare the column itself with a range or a value of its own type; roll the release back until that is done.

Example
    moved_at >= ? and moved_at < ? instead of to_char(moved_at, ?) = to_char(now(), ?)
"""

from __future__ import annotations

import re

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy

ID = "restore-condition"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 4
CURES = frozenset({"partition-pruning-lost", "implicit-cast"})
#: A function around a column, compared: `to_char(moved_at, ?) =`; and a plain comparison.
_COMPUTED = re.compile(r"\w+\((\w+(?:\.\w+)?)(?:,[^()]*)?\) *(?:=|<|>|between)", re.IGNORECASE)
_PLAIN = re.compile(r"(\w+(?:\.\w+)?) = (?:\?|\$\d+)")


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the rewrite of the condition."""
    culprit = diagnosis.culprit
    if diagnosis.cause not in CURES or culprit is None or culprit.query is None:
        return None
    computed, plain = _COMPUTED.search(culprit.query), _PLAIN.search(culprit.query)
    if diagnosis.cause == "implicit-cast":
        column = plain[1] if plain else "the column"
        said = f"Hand the parameter over in the column's own type, or cast it and not the column: {column} = ?::type."
    else:
        column = computed[1] if computed else "the partition key"
        said = f"Compare {column} itself with a range ({column} >= ? and {column} < ?), not what is made of it."
    return Remedy(ID, said, None, None, unproven="It is a change of the application; its blocks per call will tell.")
