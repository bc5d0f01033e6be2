"""Which index a plan asks for: read from the scans that throw rows away.

Equality columns first, then the sort order above the scan, then one range column: the order in which a B-tree can use
them. A candidate is a guess; the planner decides whether it is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlglot
from sqlglot import exp

Plan = dict[str, Any]

_RANGES = (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between)
#: Comparisons that PostgreSQL prints with a cast on the column are still comparisons of the column.
_WRAPPERS = (exp.Paren, exp.Cast)


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan that filters rows, and the order wanted above it."""

    relation: str
    filter: str
    sort_keys: tuple[str, ...]


def candidates(plan: Plan) -> tuple[str, ...]:
    """Return CREATE INDEX statements that could serve the plan's filtering scans, the likeliest first."""
    made = (_index(scan, with_order) for scan in _scans(plan, ()) for with_order in (True, False))
    return tuple(dict.fromkeys(sql for sql in made if sql is not None))


def _scans(node: Plan, sort_keys: tuple[str, ...]) -> Iterator[Scan]:
    keys = tuple(node.get("Sort Key", ())) or sort_keys
    if "Relation Name" in node and "Filter" in node:
        yield Scan(_qualified(node), node["Filter"], keys or _backward_order(node))
    for child in node.get("Plans", ()):
        yield from _scans(child, () if len(node["Plans"]) > 1 else keys)


def _qualified(node: Plan) -> str:
    schema = node.get("Schema", "public")
    return str(node["Relation Name"]) if schema == "public" else f"{schema}.{node['Relation Name']}"


def _backward_order(node: Plan) -> tuple[str, ...]:
    """An index walked for its order while a filter throws rows away: the order is wanted, the index is not enough."""
    return tuple(node.get("Order", ()))


def _index(scan: Scan, with_order: bool) -> str | None:
    equal, ranged = _compared(scan.filter)
    order = [_column_of(key) for key in scan.sort_keys] if with_order else []
    columns = list(dict.fromkeys([*equal, *(o for o in order if o), *([] if any(order) else ranged[:1])]))
    if not columns or not (equal or ranged):
        return None
    words = "_".join("".join(c if c.isalnum() else "_" for c in column.split(" ")[0]).strip("_") for column in columns)
    name = f"{scan.relation.rsplit('.', 1)[-1]}_{words}_idx"[:63]
    return f"CREATE INDEX CONCURRENTLY {name} ON {scan.relation} USING btree ({', '.join(columns)})"


def _compared(condition: str) -> tuple[list[str], list[str]]:
    """Return what the condition compares for equality, and what by range, as index columns."""
    try:
        tree = sqlglot.parse_one(condition, dialect="postgres")
    except sqlglot.errors.SqlglotError:
        return [], []
    if tree.find(exp.Or) is not None:
        return [], []
    equal = [c for node in tree.find_all(exp.EQ) if (c := _key(node)) is not None]
    ranged = [c for node in tree.find_all(*_RANGES) if (c := _key(node)) is not None]
    return sorted(equal), sorted(ranged)


def _key(comparison: exp.Expr) -> str | None:
    """Return the side of a comparison that is a column or a function of one, if the other side is not."""
    sides = [_bare(side) for side in (comparison.this, comparison.args.get("expression")) if side is not None]
    keyed = [s for s in sides if s.find(exp.Column) is not None]
    if len(keyed) != 1:
        return None
    side = keyed[0]
    if isinstance(side, exp.Column):
        return side.name
    for column in side.find_all(exp.Column):
        column.set("table", None)
    return f"({side.sql(dialect='postgres').lower()})"


def _bare(side: exp.Expr) -> exp.Expr:
    while isinstance(side, _WRAPPERS):
        side = side.this
    return side


def _column_of(sort_key: str) -> str | None:
    """Return a plain sort key as an index column: `reviews.created_at DESC` as `created_at DESC`."""
    name, *direction = sort_key.split(" ")
    column = name.rsplit(".", 1)[-1]
    return " ".join([column, *direction]) if column.replace("_", "").isalnum() else None
