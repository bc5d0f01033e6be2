"""Production's statistics into the twin, by the functions PostgreSQL 18 has for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg

from failonce.model.blueprint import ColumnStatistics, RelationSize

# pg_class.relkind
_HAVE_STATISTICS = frozenset("rmipI")
# Only what differs: CREATE INDEX counts the rows of the empty table, and everything else stays as it was set.
_SET_RELATIONS = """
select pg_restore_relation_stats('schemaname', x.schema, 'relname', x.name, 'relpages', x.pages, 'reltuples', x.rows,
                                 'relallvisible', x.visible)
  from unnest(%s::text[], %s::text[], %s::int[], %s::real[], %s::int[]) as x(schema, name, pages, rows, visible)
  join pg_namespace n on n.nspname = x.schema
  join pg_class c on c.relnamespace = n.oid and c.relname = x.name
 where (c.relpages, c.reltuples, c.relallvisible) is distinct from (x.pages, x.rows, x.visible)
"""
_TYPES = {
    "null_frac": "real",
    "avg_width": "int",
    "n_distinct": "real",
    "correlation": "real",
    "most_common_vals": "text",
    "most_common_freqs": "real[]",
    "histogram_bounds": "text",
    "most_common_elems": "text",
    "most_common_elem_freqs": "real[]",
    "elem_count_histogram": "real[]",
    "range_bounds_histogram": "text",
    "range_length_histogram": "text",
    "range_empty_frac": "real",
}


def set_relations(connection: psycopg.Connection[Any], relations: Sequence[RelationSize]) -> None:
    """Say how many pages and rows each relation has."""
    known = [r for r in relations if r.kind in _HAVE_STATISTICS]
    rows = [(r.schema, r.name, r.pages, float(r.rows), r.pages_all_visible) for r in known]
    if rows:
        connection.execute(_SET_RELATIONS, [list(column) for column in zip(*rows, strict=True)])


def set_columns(connection: psycopg.Connection[Any], columns: Sequence[ColumnStatistics]) -> list[str]:
    """Set each column's statistics; return the columns that would not take theirs."""
    refused: list[str] = []
    with connection.pipeline():
        cursors = [(column, _set(connection, column)) for column in columns]
    for column, cursor in cursors:
        if cursor.fetchone() != (True,):
            refused.append(f"{column.relation}.{column.column}")
    return refused


def array_literal(values: Sequence[str | None]) -> str:
    """Return texts as PostgreSQL writes an array of them.

    >>> array_literal(["a", 'b"c', None, ""])
    '{"a","b\\\\"c",NULL,""}'
    """
    return "{" + ",".join("NULL" if v is None else f'"{_escaped(v)}"' for v in values) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _set(connection: psycopg.Connection[Any], column: ColumnStatistics) -> psycopg.Cursor[Any]:
    named = "'attname', %s::text" if column.number is None else "'attnum', %s::smallint"
    arguments: list[Any] = [column.schema, column.relation, column.number or column.column, column.inherited]
    parts = []
    for name, value in _arguments(column):
        parts.append(f"'{name}', %s::{_TYPES[name]}")
        arguments.append(value)
    text = f"select pg_restore_attribute_stats('schemaname', %s::text, 'relname', %s::text, {named},"
    return connection.execute(f"{text} 'inherited', %s::boolean, {', '.join(parts)})".encode(), arguments)


def _arguments(column: ColumnStatistics) -> Iterator[tuple[str, object]]:
    yield "null_frac", column.null_share
    yield "avg_width", column.bytes_per_value
    yield "n_distinct", column.distinct
    if column.correlation is not None:
        yield "correlation", column.correlation
    pairs = (
        ("most_common_vals", column.common, "most_common_freqs", column.common_shares),
        ("most_common_elems", column.elements, "most_common_elem_freqs", column.element_shares),
    )
    for values_name, values, shares_name, shares in pairs:
        if values and shares:
            yield values_name, array_literal(values)
            yield shares_name, list(shares)
    if column.bounds:
        yield "histogram_bounds", array_literal(column.bounds)
    if column.element_counts:
        yield "elem_count_histogram", list(column.element_counts)
    if column.range_bounds:
        yield "range_bounds_histogram", array_literal(column.range_bounds)
    if column.range_lengths and column.range_empty_share is not None:
        yield "range_length_histogram", array_literal(column.range_lengths)
        yield "range_empty_frac", column.range_empty_share
