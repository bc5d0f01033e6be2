"""A condition no longer says which partitions it is about, and all of them are read.

What it sees
    The statement that took the load reads a partitioned table, and most of its partitions are scanned since the onset
    that were left alone before. When it came with a release, the verdict is confirmed.

Why it matters
    A partitioned table is as fast as its conditions are plain. A function around the partition key, or a type that does
    not fit, and the planner must look everywhere.

What to do
    Write the condition as a range on the key itself; until then roll back.

Example
    11 of 13 partitions of movements are scanned that were left alone before; a call reads 6,900 blocks
"""

from failonce.diagnose.case import Case, bare
from failonce.diagnose.part import Part
from failonce.diagnose.questions import came_with_release, is_one_statement
from failonce.diagnose.suspect import Suspect
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "partition-pruning-lost"
LEAD = "A partition that is no longer left out"
KIND = FailureKind.SLOW_QUERY
EXPLAINS = frozenset({"unindexed-query", "heavier-query"})
#: The part of a table's partitions that must be woken to call it all.
_MOST = 0.6
#: Times as many scans as before from which a partition was left alone: the onset is only known to a reading or two.
_OFTENER = 3.0


def examine(case: Case) -> Verdict:
    """Return whether a statement reads partitions that it used to leave out."""
    suspect = case.suspect
    if suspect is None:
        return weigh(ID, LEAD, needs=[is_one_statement(case)])
    parent, parts = _partitions(case, suspect)
    return weigh(
        ID,
        f"The statement no longer says which partitions of {parent} it is about, and reads them all.",
        needs=[is_one_statement(case), _reads_them_all(case, parent, parts)],
        proofs=[came_with_release(case, suspect)],
        culprit=case.culprit(suspect),
    )


def _partitions(case: Case, suspect: Suspect) -> tuple[str, list[str]]:
    """Return the partitioned table with the most partitions among those the suspect reads, and the partitions."""
    read, found = {bare(name) for name in suspect.relations}, dict[str, list[str]]()
    for relation in case.catalog.relations if case.catalog else ():
        if relation.partition_of and bare(relation.partition_of) in read:
            found.setdefault(relation.partition_of, []).append(relation.name)
    return max(found.items(), key=lambda item: len(item[1]), default=("a partitioned table", []))


def _reads_them_all(case: Case, parent: str, parts: list[str]) -> Check:
    if case.catalog is None:
        return Check(None)
    if not parts:
        return Check(False, case.evidence("It reads no partitioned table.", "catalog", now=0, unit="partitions"))
    if not case.during.tables or not case.before.tables:
        return Check(None)
    woken = [name for name in parts if _is_woken(case.before, case.during, name)]
    said = f"{len(woken)} of {len(parts)} partitions of {parent} are scanned that were left alone before."
    proof = case.evidence(said, "tables", now=len(woken), before=0, unit="partitions", key=parent)
    return Check(len(woken) >= max(3, _MOST * len(parts)), proof)


def _is_woken(before: Part, during: Part, name: str) -> bool:
    """Tell whether a partition is scanned many times as often: whole, or in any way.

    The planner itself looks at the ends of an index to estimate a range, and that counts as a scan of the index.
    """
    now, was = during.tables.get(name), before.tables.get(name)
    if now is None:
        return False
    if was is None:
        return now.all_scans_per_s > 0
    whole = now.scans_per_s > _OFTENER * was.scans_per_s
    return whole or now.all_scans_per_s > _OFTENER * was.all_scans_per_s
