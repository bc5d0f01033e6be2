"""Two tables are joined without a condition between them: every row with every row.

What it sees
    A nested loop in the plan that has no join condition, whose inner side does not depend on the outer one, and both
    of whose sides give more than one row. From 100,000 pairs on (`large_rows`) it is an error, below a warning.

Why it matters
    The work is the product of both tables: harmless on test data, endless in production. It is nearly always a
    forgotten condition, so the result is wrong as well.

What to do
    Add the condition that connects the two. Where every pair is meant, say so with CROSS JOIN and a LIMIT.

Example
    select c.name, r.title from cooks c, recipes r where c.home = $1
    Nested Loop: 6,250 rows of cooks with each of 200,000 of recipes
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from failonce import plantree
from failonce.amount import amount
from failonce.guard.case import Case, Found

ID = "cartesian-join"
SEVERITY = "error"
_CONDITIONS = ("Index Cond", "Recheck Cond", "Filter", "Hash Cond", "Merge Cond", "Join Filter", "TID Cond")

Node = Mapping[str, Any]


def check(case: Case) -> Iterator[Found]:
    """Yield each nested loop that pairs everything."""
    for node in plantree.nodes(case.plan) if case.plan else ():
        if node["Node Type"] != "Nested Loop" or "Join Filter" in node or node.get("Join Type") in ("Semi", "Anti"):
            continue
        outer, inner = node["Plans"][:2]
        if outer["Plan Rows"] > 1 and inner["Plan Rows"] > 1 and not _depends(inner, _aliases(outer)):
            yield _found(case, outer, inner)


def _found(case: Case, outer: Node, inner: Node) -> Found:
    pairs = outer["Plan Rows"] * inner["Plan Rows"]
    one, two = (" and ".join(sorted(_relations(side))) or side["Node Type"] for side in (outer, inner))
    told = f"Joins {amount(outer['Plan Rows'])} rows of {one} with each of {amount(inner['Plan Rows'])} of {two}."
    severity = None if pairs >= case.limits.large_rows else "warning"
    return Found(
        told, f"Add the condition that connects {one} with {two}.", "Nested Loop without a condition", severity
    )


def _aliases(node: Node) -> set[str]:
    return {inner["Alias"] for inner in plantree.nodes(node) if "Alias" in inner}


def _relations(node: Node) -> set[str]:
    return {inner["Relation Name"] for inner in plantree.nodes(node) if "Relation Name" in inner}


def _depends(node: Node, aliases: set[str]) -> bool:
    """Tell whether a condition below names the other side, or anything there is computed from it."""
    conditions = [str(inner.get(key, "")) for inner in plantree.nodes(node) for key in _CONDITIONS]
    # Function and VALUES scans of a LATERAL show no condition: they are of the outer row by nature.
    lateral = any(
        inner["Node Type"] in ("Function Scan", "Memoize", "Table Function Scan") for inner in plantree.nodes(node)
    )
    return lateral or any(f"{alias}." in condition for alias in aliases for condition in conditions)
