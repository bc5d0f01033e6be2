"""Catalog rows as CREATE TABLE and CREATE VIEW: what a planner sees of them, in SQL. Pure text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from failonce.model.blueprint import SchemaObject

Row = Mapping[str, Any]

_IDENTITY = {"a": "always", "d": "by default"}
_GENERATED = {"s": "stored", "v": "virtual"}


def tables(rows: Iterable[Row], columns: Iterable[Row]) -> Iterator[SchemaObject]:
    """Yield the statement that creates each table, partition and child."""
    of_table: dict[int, list[Row]] = defaultdict(list)
    for column in columns:
        of_table[column["relation"]].append(column)
    for row in rows:
        yield SchemaObject("table", row["name"], _table(row, of_table[row["oid"]]))


def views(rows: Iterable[Row]) -> Iterator[SchemaObject]:
    """Yield the statement that creates each view; a materialized one without its rows."""
    for row in rows:
        definition = row["definition"].rstrip().rstrip(";")
        if row["kind"] == "m":
            text = f"create materialized view {row['name']} as {definition} with no data"
        else:
            text = f"create view {row['name']} as {definition}"
        yield SchemaObject("view", row["name"], text)


def _table(row: Row, columns: Sequence[Row]) -> str:
    parts = [f"create table {row['name']}"]
    if row["bound"]:
        parts.append(f"partition of {row['parents'][0]} {row['bound']}")
    else:
        parts.append(f"({', '.join(_column(column) for column in columns)})")
        if row["parents"]:
            parts.append(f"inherits ({', '.join(row['parents'])})")
    if row["partition_key"]:
        parts.append(f"partition by {row['partition_key']}")
    elif row["options"]:
        parts.append(f"with ({row['options']})")
    return " ".join(parts)


def _column(column: Row) -> str:
    parts = [column["name"], column["type"]]
    if column["collation"]:
        parts.append(f"collate {column['collation']}")
    if column["generated"]:
        parts.append(f"generated always as ({column['expression']}) {_GENERATED[column['generated']]}")
    elif column["expression"]:
        parts.append(f"default {column['expression']}")
    if column["identity"]:
        parts.append(f"generated {_IDENTITY[column['identity']]} as identity")
    if column["not_null"]:
        parts.append("not null")
    return " ".join(parts)
