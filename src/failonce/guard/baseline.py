"""Plans that were found right, kept in the user's repository, and why a plan is another one today.

Cost grows with the tables, and a planner may well change its mind when they do: only a plan that got dearer by more
than its tables grew is a regression. Pure values; the file is read and written by the floor above.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from failonce import plantree
from failonce.structure import Structure

#: A new statement this much like one that is gone has taken its place.
_ALIKE = 0.75


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """One statement's plan, and what it rested on."""

    statement: str
    cost: float
    #: The nodes that read relations, in the words of EXPLAIN.
    reads: tuple[str, ...]
    indexes: tuple[str, ...]
    #: Rows of each relation when it was planned.
    rows: dict[str, int]


@dataclass(frozen=True, slots=True)
class Baseline:
    """All plans kept, by fingerprint, with the planner's settings they were made under."""

    plans: dict[str, KeptPlan] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)


def keep(statement: str, plan: Mapping[str, Any], structure: Structure) -> KeptPlan:
    """Return what is kept of a plan."""
    nodes = list(plantree.nodes(plan))
    readers = [node for node in nodes if "Relation Name" in node and node["Node Type"] != "ModifyTable"]
    indexes = {node["Index Name"] for node in nodes if "Index Name" in node}
    rows = {node["Relation Name"]: structure.rows(qualified(node)) for node in nodes if "Relation Name" in node}
    labels = tuple(plantree.label(node) for node in readers)
    return KeptPlan(statement, plan["Total Cost"], labels, tuple(sorted(indexes)), dict(sorted(rows.items())))


def qualified(node: Mapping[str, Any]) -> str:
    """Return the name of a node's relation, `public` left out."""
    schema = node.get("Schema", "public")
    return str(node["Relation Name"]) if schema == "public" else f"{schema}.{node['Relation Name']}"


def growth(kept: KeptPlan, structure: Structure) -> float:
    """Return how many times larger the relations of a plan have become, at least 1."""
    ratios = [structure.rows(name) / rows for name, rows in kept.rows.items() if rows > 0]
    return max([1.0, *ratios])


def reason(kept: KeptPlan, statement: str, structure: Structure, changed: Iterable[str]) -> str:
    """Return why a plan is not what it was: the first that holds of what can be seen."""
    gone = [name for name in kept.indexes if name not in {index.name for index in structure.indexes if index.valid}]
    if gone:
        return f"index gone: {', '.join(gone)}"
    if kept.statement != statement:
        return "new predicate: the statement was changed"
    settings = list(changed)
    if settings:
        return f"setting changed: {', '.join(settings)}"
    return "statistics: same statement, indexes and settings, other estimates"


def replaced(statement: str, gone: Sequence[KeptPlan]) -> KeptPlan | None:
    """Return the kept plan of the statement that a new one takes the place of, if one is much like it."""
    likeness = [(SequenceMatcher(None, statement, kept.statement).ratio(), kept) for kept in gone]
    best = max(likeness, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= _ALIKE else None
