"""A condition no longer says which partitions it is about, and all of them are read.

What it sees
    The statement that took the load reads a partitioned table, and partitions are scanned since the onset that were
    left alone before: most of them, where it was one or two. When it came with a release, the verdict is confirmed.

Why it matters
    A partitioned table is as fast as its conditions are plain. A function around the partition key, or a type that does
    not fit, and the planner must look everywhere.

What to do
    Write the condition as a range on the key itself; until then roll back.

Example
    12 of 13 partitions of movements are scanned, 1 before; a call reads 7,000 blocks
"""

from failonce.diagnose.case import Case, bare
from failonce.diagnose.part import Part
from failonce.diagnose.questions import came_with_release, is_one_statement
from failonce.diagnose.suspect import Suspect
from failonce.diagnose.weigh import Check, weigh
from failonce.model.diagnosis import Verdict

ID = "partition-pruning-lost"
LEAD = "Partitions that are no longer left out"
EXPLAINS = frozenset({"unindexed-query", "heavier-query"})
#: The part of a table's partitions that must be scanned to call it all, and how many times as many as before.
_MOST, _MORE = 0.6, 3


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
    now, was = _scanned(case.during, parts), _scanned(case.before, parts)
    said = f"{now} of {len(parts)} partitions of {parent} are scanned, {was} before."
    proof = case.evidence(said, "tables", now=now, before=was, unit="partitions", key=parent)
    return Check(now >= max(3, _MOST * len(parts)) and now >= _MORE * was, proof)


def _scanned(part: Part, names: list[str]) -> int:
    return sum(name in part.tables and part.tables[name].all_scans_per_s > 0 for name in names)
