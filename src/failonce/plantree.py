"""What to say about a plan: the node that reads its largest relation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Node = Mapping[str, Any]


def nodes(plan: Node) -> Iterator[Node]:
    """Yield a plan's nodes, the top one first."""
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def main_reader(plan: Node, bytes_of: Mapping[str, int]) -> str:
    """Return the node that reads the largest relation, in the words of EXPLAIN; the dearest if several do."""
    readers = [node for node in nodes(plan) if "Relation Name" in node]
    if not readers:
        return str(plan["Node Type"])
    return label(max(readers, key=lambda node: (bytes_of.get(node["Relation Name"], 0), node["Total Cost"])))


def label(node: Node) -> str:
    """Return a scan's name as EXPLAIN's text has it; a bitmap scan also names its indexes.

    >>> label({"Node Type": "Index Scan", "Scan Direction": "Backward", "Index Name": "i", "Relation Name": "t"})
    'Index Scan Backward using i on t'
    >>> first = {"Node Type": "Index Scan", "Index Name": "j", "Relation Name": "u"}
    >>> label({"Node Type": "Index Scan", "Index Name": "i", "Relation Name": "t", "Plans": [first]})
    'Index Scan using i on t'
    """
    indexes = list(_indexes(node))
    parallel = "Parallel " if node.get("Parallel Aware") else ""
    backward = " Backward" if node.get("Scan Direction") == "Backward" else ""
    using = f" using {', '.join(indexes)}" if indexes else ""
    return f"{parallel}{node['Node Type']}{backward}{using} on {node['Relation Name']}"


def _indexes(node: Node) -> Iterator[str]:
    """Yield a scan's index, or those of a bitmap scan; what a condition beneath it looks up first is another scan."""
    if "Index Name" in node:
        yield node["Index Name"]
        return
    for child in node.get("Plans", ()):
        if child["Node Type"].startswith("Bitmap"):
            yield from _indexes(child)
