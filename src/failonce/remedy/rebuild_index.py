"""Build an index anew that keeps many times the pages its entries need.

What it sees
    A diagnosis of a bloated index: its name, its blocks, and how many of them its entries need.

Why it matters
    Vacuum gives no page back that still holds an entry. Building the index anew is the only way, and concurrently it
    goes beside readers and writers.

What to do
    Run it outside a transaction. It takes about as long as building the index took, reads the table twice, and waits
    for every transaction that is older than its steps: end long ones first. Until it is done both indexes are on the
    disk. Broken off, it leaves an invalid index whose name ends in _ccnew: drop that and begin again.

Example
    REINDEX INDEX CONCURRENTLY vouchers_campaign_code
"""

from __future__ import annotations

from failonce.model.diagnosis import Diagnosis
from failonce.model.ports import Planner
from failonce.model.remedy import Remedy
from failonce.remedy.found import evidence, number

ID = "rebuild-index"
RANK = 1
CURES = frozenset({"index-bloat"})
_BLOCKS_PER_MB = 128


def propose(diagnosis: Diagnosis, planner: Planner | None) -> Remedy | None:
    """Return the statement that builds the bloated index anew."""
    bloated = evidence(diagnosis, "catalog", "blocks") if diagnosis.cause in CURES else None
    if bloated is None or bloated.pointer.key is None:
        return None
    name, has, needs = bloated.pointer.key, _megabytes(bloated.value), _megabytes(bloated.baseline)
    said = (
        f"Build {name} anew: its entries need {needs} of the {has} that it takes. Readers and writers go on. It takes"
        f" about as long as building it did, reads the table twice, needs another {needs} of disk meanwhile, and waits"
        " for every transaction older than itself: end long ones first."
    )
    undo = f"Nothing is to be undone. Broken off, it leaves an invalid index: DROP INDEX CONCURRENTLY {name}_ccnew."
    afterwards = ("Let imports that may be taken back go to a table of their own first, and vacuum early.",)
    why = "The planner counts a bloated index as it is; the statement's blocks per call will tell."
    sql = f"REINDEX INDEX CONCURRENTLY {name}"
    return Remedy(ID, said, sql, undo, unproven=why, afterwards=afterwards)


def _megabytes(blocks: float | str | None) -> str:
    return f"{(number(blocks) or 0.0) / _BLOCKS_PER_MB:,.0f} MB"
