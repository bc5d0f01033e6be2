"""Ask once for all rows of a list.

What it sees
    A diagnosis that names a look-up repeated for each row.

Why it matters
    A thousand ways there and back become one; the rewrite is small, and the same in every language.

What to do
    Collect the keys and ask for them together; in an object mapper load the relation eagerly (selectinload, includes,
    prefetch_related). Roll the release back until that is done.

Example
    select product_id, quantity from stock where product_id = any(?)
"""

from __future__ import annotations

import re

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy
from failonce.remedy.found import evidence, number

ID = "ask-once"
#: Asked in this order: what can be proven here comes before what others must do.
RANK = 4
CURES = frozenset({"n-plus-one"})
_KEY = re.compile(r"(\w+(?:\.\w+)?) = (\?|\$\d+)")


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the rewrite: the same look-up for many keys at once."""
    culprit = diagnosis.culprit
    if diagnosis.cause not in CURES or culprit is None or culprit.query is None:
        return None
    calls = evidence(diagnosis, "statements", "calls/request")
    many = number(calls.value) if calls else None
    times = f"{many:,.0f} calls a request become one" if many else "Many calls become one"
    rewrite = _KEY.sub(lambda key: f"{key[1]} = any({key[2]})", culprit.query, count=1)
    said = f"Ask once for all rows of the list. {times}: {rewrite} (and select {_key(culprit.query)} with it)."
    return Remedy(ID, said, None, None, unproven="It is a change of the application; its calls per request will tell.")


def _key(query: str) -> str:
    found = _KEY.search(query)
    return found[1] if found else "the key"
