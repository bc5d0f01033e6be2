"""Give a statement the memory it sorts in.

What it sees
    A diagnosis of temporary files, and how many blocks a call moves.

Why it matters
    work_mem is taken per sort, per session: enough for one report would be too much for everybody.

What to do
    Set it for the role that runs the statement, or in its transaction. Where it would be gigabytes, let the statement
    sort less, or let it run on a replica.

Example
    4,800 temporary blocks a call: SET work_mem = '64MB' for that role keeps the sort in memory
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis, Evidence
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy
from failonce.remedy.found import evidence

ID = "more-sort-memory"
RANK = 5
CURES = frozenset({"temp-files"})
_BLOCK = 8192
_MB = 1024 * 1024
#: More than this for one sort is no setting but a wish.
_MOST_MB = 1024


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the setting with its arithmetic."""
    # Where a setting took the memory away, it is set back: that is another remedy.
    if diagnosis.cause not in CURES or evidence(diagnosis, "catalog") is not None:
        return None
    blocks = next((float(e.value) for e in _measured(diagnosis) if isinstance(e.value, int | float)), 0.0)
    # Half of these blocks were written and half read again; but in memory rows take about twice the room.
    wanted_mb = _power_of_two(blocks * _BLOCK / _MB)
    if wanted_mb > _MOST_MB:
        said = (
            f"Let the statement sort less, or run it on a replica: in memory it would take {wanted_mb:,} MB a session."
        )
        return Remedy(ID, said, None, None, unproven="A rewrite is proven by its plan, once it is written.")
    sessions = max(1, len(diagnosis.culprit.sessions)) if diagnosis.culprit else 1
    said = (
        f"Give the role that runs it {wanted_mb} MB of work_mem: a call moves {blocks:,.0f} temporary blocks of 8 KiB,"
        f" each written and read once. {sessions} sessions at once would take {sessions * wanted_mb:,} MB in all."
        f" As that role: ALTER ROLE CURRENT_USER SET work_mem = '{wanted_mb}MB'; new sessions obey it."
    )
    return Remedy(
        ID, said, None, None, unproven="The planner does not tell spills; the next call's temporary blocks do."
    )


def _measured(diagnosis: Diagnosis) -> list[Evidence]:
    links = [link for link in diagnosis.chain if link.id in CURES]
    return [e for link in links for e in link.evidence if e.unit == "blocks/call"]


def _power_of_two(megabytes: float) -> int:
    """Return the next power of two.

    >>> _power_of_two(37.5)
    64
    """
    size = 1
    while size < megabytes:
        size *= 2
    return size
