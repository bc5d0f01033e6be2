"""What production knows of several columns and expressions together, with the types PostgreSQL keeps of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from failonce.lab.twin import nodetree
from failonce.model.blueprint import ColumnStatistics, ExtendedStatistics

Row = dict[str, Any]
#: Reads rows by the name of their query.
Read = Callable[..., list[Row]]
Key = tuple[str, str, bool]

_SAME = ("schema", "name", "table", "columns", "inherited", "distinct", "dependencies")


def pull(read: Read, oids: list[int], *, sees_expressions: bool) -> tuple[list[ExtendedStatistics], list[str]]:
    """Return all statistics of CREATE STATISTICS, and in words those that this role does not see."""
    rows = read("extended", oids=oids)
    alone: dict[Key, list[Row]] = defaultdict(list)
    for row in read("expressions", oids=oids) if sees_expressions else ():
        alone[_key(row)].append(row)
    types = _types(read, rows)
    lost = _lost(read, oids, rows, blind=not sees_expressions)
    found = [_extended(row, [types[result] for result in _results(row)], alone[_key(row)]) for row in rows]
    return found, lost


def _key(row: Row) -> Key:
    return row["schema"], row["name"], row["inherited"]


def _results(row: Row) -> list[tuple[int, int]]:
    return nodetree.results(row["expressions"] or "")


def _types(read: Read, rows: Sequence[Row]) -> Mapping[tuple[int, int], Row]:
    """Return type, category and collation of every expression by the numbers of its type and collation."""
    wanted = sorted({result for row in rows for result in _results(row)})
    if not wanted:
        return {}
    types = {r["number"]: r for r in read("type_names", types=[type_ for type_, _ in wanted])}
    names = {r["number"]: r["name"] for r in read("collation_names", collations=[c for _, c in wanted])}
    return {(type_, c): {**types[type_], "collation": names.get(c, "")} for type_, c in wanted}


def _extended(row: Row, results: Sequence[Row], alone: Sequence[Row]) -> ExtendedStatistics:
    nulls, values = row["nulls"] or [], row["common"] or []
    common = tuple(
        tuple(None if null else value for value, null in zip(*item, strict=True))
        for item in zip(values, nulls, strict=True)
    )
    shares: Row = {name: tuple(row[name] or ()) for name in ("common_shares", "base_shares")}
    same = {name: row[name] for name in _SAME}
    dimensions: Row = {
        "types": (*row["types"], *(r["type"] for r in results)),
        "categories": (*row["categories"], *(r["category"] for r in results)),
        "typmods": (*row["typmods"], *(-1 for _ in results)),
        "collations": (*row["collations"], *(r["collation"] for r in results)),
    }
    own = tuple(_expression(r, results) for r in alone if r["null_share"] is not None)
    return ExtendedStatistics(**same, **shares, **dimensions, expressions=own, common=common)


def _expression(row: Row, results: Sequence[Row]) -> ColumnStatistics:
    type_ = results[row["number"] - 1]
    told: Row = {
        name: tuple(value) if isinstance(value, list) else value for name, value in row.items() if name != "name"
    }
    return ColumnStatistics(
        **told,
        relation=row["name"],
        column="",
        type=type_["type"],
        category=type_["category"],
        typmod=-1,
        collation=type_["collation"],
    )


def _lost(read: Read, oids: list[int], rows: Sequence[Row], *, blind: bool) -> list[str]:
    seen = {(row["schema"], row["name"]) for row in rows}
    unseen = [f"{r['schema']}.{r['name']}" for r in read("unseen", oids=oids) if (r["schema"], r["name"]) not in seen]
    lost = [f"statistics {name}, which PostgreSQL shows to the table's owner only" for name in unseen]
    if blind:
        names = dict.fromkeys(f"{row['schema']}.{row['name']}" for row in rows if row["expressions"])
        lost += [f"statistics of the expressions of {name}" for name in names]
    return lost
