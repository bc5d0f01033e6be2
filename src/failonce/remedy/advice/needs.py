"""What each scan of a plan is after: which columns it compares, and how, in which order, and what else is read.

From the plan as EXPLAIN (VERBOSE, FORMAT JSON) gives it. Pure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from failonce.plantree import nodes
from failonce.remedy.advice.conditions import Clause, branches, clauses, columns, key, unqualified

Plan = Mapping[str, Any]

_CONDITIONS = ("Filter", "Index Cond", "Recheck Cond", "Hash Cond", "Merge Cond", "Join Filter", "One-Time Filter")
_RANGES = frozenset({"<", "<=", ">", ">="})
_PATTERNS = frozenset({"~~", "~~*", "~", "~*"})
_CONTAINS = frozenset({"@>", "<@", "?", "?|", "?&", "&&", "@@", "@?"})
# What is another value on the next call.
_VARYING = re.compile(r"\$\d|SubPlan|InitPlan|now\(\)|CURRENT_|LOCALTIME|random\(\)|clock_timestamp")
_EXPRESSIONS = ("Output", "Sort Key", "Group Key", "Presorted Key")
#: Sorts that a scan's own order could spare.
_SORTS = frozenset({"Sort", "Incremental Sort"})


@dataclass(slots=True)
class Need:
    """What one scan of one table is after. Keys are columns, or expressions in parentheses."""

    #: As SQL takes it: `reviews`, `sales.orders`.
    relation: str
    alias: str
    #: The dearest that anything with this table in it costs.
    cost: float
    equal: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    ranged: list[str] = field(default_factory=list)
    #: Key, operator and pattern.
    patterns: list[tuple[str, str, str]] = field(default_factory=list)
    #: Key and operator.
    contained: list[tuple[str, str]] = field(default_factory=list)
    #: Conditions without any parameter, each with its key: what a partial index could be limited to.
    fixed: list[tuple[str, str]] = field(default_factory=list)
    #: The order wanted above the scan.
    order: tuple[str, ...] = ()
    grouped: tuple[str, ...] = ()
    #: The index walked for its order, if it is.
    walked: str | None = None
    #: All columns of the table that the statement reads, as far as the plan tells.
    read: set[str] = field(default_factory=set)

    @property
    def keys(self) -> set[str]:
        """All that an index for this scan could begin with."""
        others = [key.removesuffix(" DESC") for key in (*self.order, *self.grouped)]
        patterns = [key for key, _, _ in self.patterns]
        return {*self.equal, *self.joined, *self.ranged, *patterns, *others, *(key for key, _ in self.contained)}


def needs(plan: Plan, parents: Mapping[str, str], few_valued: Collection[str] = ()) -> list[Need]:
    """Return what the scans of a plan are after; a partition's is its parent's.

    `few_valued` names columns (`orders.state`) with so few values that a constant in a statement may always be there.
    """
    found: dict[str, Need] = {}
    for node in nodes(plan):
        if "Relation Name" in node:
            need = found.setdefault(node["Alias"], Need(_relation(node, parents), node["Alias"], node["Total Cost"]))
            if "Filter" in node and "Index Name" in node:
                need.walked = node["Index Name"]
    for node in nodes(plan):
        for name in _CONDITIONS:
            if name in node:
                _compare(node[name], found)
    _orders(plan, (), (), found)
    _reads(plan, found)
    for need in found.values():
        need.fixed = [(k, text) for k, text in need.fixed if _stays(need, k, text, few_valued)]
    return _merged(found.values())


def _relation(node: Plan, parents: Mapping[str, str]) -> str:
    schema, name = node.get("Schema", "public"), node["Relation Name"]
    qualified = _quoted(name) if schema == "public" else f"{_quoted(schema)}.{_quoted(name)}"
    return parents.get(qualified, qualified)


def _quoted(name: str) -> str:
    plain = name.replace("_", "a").isalnum() and name.islower() and not name[0].isdigit()
    return name if plain else '"' + name.replace('"', '""') + '"'


def _compare(condition: str, found: Mapping[str, Need]) -> None:
    alternatives = branches(condition)
    for branch in alternatives:
        for clause in clauses(branch):
            if len(branches(clause.text)) > 1:
                _compare(clause.text, found)
            else:
                _note(clause, found, alone=len(alternatives) == 1)


def _note(clause: Clause, found: Mapping[str, Need], *, alone: bool) -> None:
    """Note a comparison with the tables it reads."""
    for side, other in ((clause.left, clause.right), (clause.right, clause.left)):
        aliases = {alias for alias, _ in columns(side)}
        if len(aliases) != 1 or "SubPlan" in side:
            continue
        (alias,) = aliases
        need = found.get(alias)
        if need is None or alias in {a for a, _ in columns(other)}:
            continue
        _note_key(need, key(side), clause, other)
        if alone and not columns(other) and not _VARYING.search(clause.text):
            need.fixed.append((key(side), unqualified(clause.text)))


def _stays(need: Need, name: str, text: str, few_valued: Collection[str]) -> bool:
    """Tell whether a condition is likely to be the same on every call: a state, a flag, something missing."""
    clause = next(clauses(text))
    if clause.operator in ("IS NULL", "IS NOT NULL", "NOT", ""):
        return True
    return clause.operator == "=" and "ANY (" not in clause.right and f"{need.relation}.{name}" in few_valued


def _note_key(need: Need, name: str, clause: Clause, other: str) -> None:
    operator = clause.operator
    if operator == "=" and columns(other):
        need.joined.append(name)
    elif operator in ("=", "", "NOT", "IS NULL", "IS NOT NULL"):
        need.equal.append(name) if operator == "=" else None
    elif operator in _RANGES:
        need.ranged.append(name)
    elif operator in _PATTERNS:
        need.patterns.append((name, operator, other))
    elif operator in _CONTAINS:
        need.contained.append((name, operator))


def _orders(node: Plan, order: tuple[str, ...], groups: tuple[str, ...], found: Mapping[str, Need]) -> None:
    """Hand the wanted order down to the scan whose columns it names."""
    if node["Node Type"] in _SORTS:
        order = tuple(node["Sort Key"])
    groups = tuple(node.get("Group Key", ())) or groups
    for wanted, is_group in ((order, False), (groups, True)):
        aliases = {alias for one in wanted for alias, _ in columns(one)}
        if len(aliases) == 1 and (need := found.get(*aliases)) is not None and all(columns(w) for w in wanted):
            keys = tuple(_sort_key(one) for one in wanted)
            if is_group:
                need.grouped = keys
            elif not need.order:
                need.order = keys
    for child in node.get("Plans", ()):
        _orders(child, order, groups, found)


def _sort_key(text: str) -> str:
    expression, *direction = _direction(text)
    return " ".join([key(expression), *direction])


def _direction(text: str) -> list[str]:
    for ending in (" NULLS FIRST", " NULLS LAST"):
        if text.endswith(ending):
            return [*_direction(text.removesuffix(ending)), ending.strip()]
    return [text.removesuffix(" DESC"), "DESC"] if text.endswith(" DESC") else [text]


def _reads(plan: Plan, found: Mapping[str, Need]) -> None:
    """Note which columns the nodes above the scans, and the scans' own filters, ask for."""
    only = next(iter(found.values())) if len(found) == 1 else None
    own: set[str] = set()
    for node in nodes(plan):
        is_scan = "Relation Name" in node
        if is_scan:
            own = {name.rpartition(".")[2] for name in node.get("Output", ())}
        texts: list[str] = [node[name] for name in _CONDITIONS if name in node]
        for name in _EXPRESSIONS:
            # A scan below others may hand up whole rows; what is asked for stands above it.
            if not (is_scan and name == "Output" and node is not plan):
                texts += node.get(name, ())
        for alias, name in (pair for text in texts for pair in columns(text)):
            if alias in found:
                found[alias].read.add(name)
    if only is not None:
        # With one table in the statement, the plan's outputs come without its name.
        words = (
            word
            for n in nodes(plan)
            if "Relation Name" not in n or n is plan
            for o in n.get("Output", ())
            for word in re.findall(r"[\w$]+", o)
        )
        only.read |= own & set(words)


def _merged(all_needs: Iterable[Need]) -> list[Need]:
    """Return the needs without those that say the same: partitions of one table, a table joined to itself."""
    kept: dict[object, Need] = defaultdict()
    for need in all_needs:
        for name in ("equal", "joined", "ranged", "patterns", "contained", "fixed"):
            setattr(need, name, list(dict.fromkeys(getattr(need, name))))
        same = (need.relation, tuple(need.equal), tuple(need.joined), tuple(need.ranged), need.order)
        kept.setdefault(same, need)
    return list(kept.values())
