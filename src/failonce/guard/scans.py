"""How a plan reads its tables: each scan, how much of the table it really reads, what it throws away. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from failonce import plantree
from failonce.guard.baseline import qualified
from failonce.guard.case import Case

# These take in all rows before they give one away: a LIMIT above them does not end the scan below early.
_BLOCKING = frozenset({"Sort", "Aggregate", "Hash", "HashAggregate", "GroupAggregate", "WindowAgg", "Materialize"})
_JOINS = ("Join Filter", "Hash Cond", "Merge Cond")
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
        return self.kept_rows < 0.2 * max(self.read_rows, 1)


@dataclass(frozen=True, slots=True)
class _Above:
    """What the nodes above a scan make of its rows."""

    #: The part of the rows that somebody above asks for.
    share: float = 1.0
    #: Among how many the rows of a parallel node are divided.
    workers: float = 1.0
    #: Rows that the join above which keeps fewest gives on, and its condition; None when nothing is joined.
    joined: tuple[float, str] | None = None


def scans(case: Case) -> Iterator[Scan]:
    """Yield the scans of a case's plan."""
    if case.plan is not None:
        yield from _scans(case, case.plan, _Above())


def _scans(case: Case, node: Mapping[str, Any], above: _Above) -> Iterator[Scan]:
    kind = node["Node Type"]
    children = node.get("Plans", ())
    if kind == "Limit" and children and children[0]["Total Cost"] > 0:
        above = replace(above, share=min(1.0, node["Total Cost"] / children[0]["Total Cost"]))
    elif kind in _BLOCKING:
        above = replace(above, share=1.0, joined=above.joined if kind != "Aggregate" else None)
    elif any(key in node for key in _JOINS):
        above = _under_join(node, above)
    if "Workers Planned" in node:
        above = replace(above, workers=_divisor(node["Workers Planned"]))
    if "Relation Name" in node and kind in (*_WALKS, "Bitmap Heap Scan"):
        yield _scan(case, node, above)
    for child in children:
        yield from _scans(case, child, above)


def _under_join(node: Mapping[str, Any], above: _Above) -> _Above:
    condition = next(str(node[key]) for key in _JOINS if key in node)
    rows = float(node["Plan Rows"])
    joined = (rows, condition) if above.joined is None or rows < above.joined[0] else above.joined
    return replace(above, joined=joined)


def _scan(case: Case, node: Mapping[str, Any], above: _Above) -> Scan:
    share, workers = above.share, above.workers if node.get("Parallel Aware") else 1.0
    relation, condition = qualified(node), node.get("Filter", "")
    whole = node["Node Type"] in _WALKS and "Index Cond" not in node
    rows = case.structure.rows(relation)
    passed = node["Plan Rows"] * workers
    # With an index condition EXPLAIN does not say how many rows the filter sees.
    read = rows * share if whole else max(passed, 1) * share
    label = plantree.label(node)
    detail = f"{label}, filter {condition}" if condition else label
    if above.joined and whole and above.joined[0] < passed:
        # What it gives is thrown away by the join above.
        passed = above.joined[0] * workers
        detail += f", joined by {above.joined[1]}"
    return Scan(relation, detail, rows, read, passed * share, condition, whole, node["Total Cost"])


def _divisor(workers: int) -> float:
    """Return among how many a parallel scan's rows are divided: the leader helps a little (get_parallel_divisor)."""
    return workers + max(0.0, 1.0 - 0.3 * workers)
