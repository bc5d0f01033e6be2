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
    """
    indexes = [inner["Index Name"] for inner in nodes(node) if "Index Name" in inner]
    parallel = "Parallel " if node.get("Parallel Aware") else ""
    backward = " Backward" if node.get("Scan Direction") == "Backward" else ""
    using = f" using {', '.join(indexes)}" if indexes else ""
    return f"{parallel}{node['Node Type']}{backward}{using} on {node['Relation Name']}"
