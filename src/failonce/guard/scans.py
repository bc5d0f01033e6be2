"""How a plan reads its tables: each scan, how much of the table it really reads, what it throws away. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from failonce import plantree
from failonce.guard.baseline import qualified
from failonce.guard.case import Case

# These take in all rows before they give one away: a LIMIT above them does not end the scan below early.
_BLOCKING = frozenset({"Sort", "Aggregate", "Hash", "HashAggregate", "GroupAggregate", "WindowAgg", "Materialize"})
_WALKS = frozenset({"Seq Scan", "Index Scan", "Index Only Scan"})


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan of one table."""

    relation: str
    #: In the words of EXPLAIN, with its condition.
    label: str
    #: Rows of the table, and how many of them are read before the statement has what it wants.
    table_rows: int
    read_rows: float
    #: Rows that pass the filter, of those read.
    kept_rows: float
    filter: str
    #: The whole table or the whole index is walked.
    is_whole: bool
    cost: float

    @property
    def selective(self) -> bool:
        """Most of what is read is thrown away."""
        return bool(self.filter) and self.kept_rows < 0.2 * max(self.read_rows, 1)


def scans(case: Case) -> Iterator[Scan]:
    """Yield the scans of a case's plan."""
    if case.plan is not None:
        yield from _scans(case, case.plan, 1.0, 1.0)


def _scans(case: Case, node: Mapping[str, Any], share: float, workers: float) -> Iterator[Scan]:
    """Walk the plan: `share` is the part of a node's rows that somebody above asks for, `workers` who divide them."""
    kind = node["Node Type"]
    children = node.get("Plans", ())
    if kind == "Limit" and children and children[0]["Total Cost"] > 0:
        share = min(1.0, node["Total Cost"] / children[0]["Total Cost"])
    elif kind in _BLOCKING:
        share = 1.0
    if "Workers Planned" in node:
        workers = _divisor(node["Workers Planned"])
    if "Relation Name" in node and kind in (*_WALKS, "Bitmap Heap Scan"):
        yield _scan(case, node, share, workers if node.get("Parallel Aware") else 1.0)
    for child in children:
        yield from _scans(case, child, share, workers)


def _scan(case: Case, node: Mapping[str, Any], share: float, workers: float) -> Scan:
    relation, condition = qualified(node), node.get("Filter", "")
    whole = node["Node Type"] in _WALKS and "Index Cond" not in node
    rows = case.structure.rows(relation)
    passed = node["Plan Rows"] * workers
    # With an index condition EXPLAIN does not say how many rows the filter sees.
    read = rows * share if whole else max(passed, 1) * share
    label = plantree.label(node)
    detail = f"{label}, filter {condition}" if condition else label
    return Scan(relation, detail, rows, read, passed * share, condition, whole, node["Total Cost"])


def _divisor(workers: int) -> float:
    """Return among how many a parallel scan's rows are divided: the leader helps a little (get_parallel_divisor)."""
    return workers + max(0.0, 1.0 - 0.3 * workers)
