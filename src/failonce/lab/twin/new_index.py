"""How large an index would be that production does not have.

The size comes from the statistics of its columns and the manual's chapters on storage and on each index type; it is an
estimate, good enough for the planner, which asks for pages and rows only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import psycopg

from failonce.lab.twin.sparse import BLOCK_BYTES
from failonce.model.blueprint import RelationSize

# A page less its header and a B-tree's special space, filled to the default fillfactor of 90.
_PAGE_BYTES = (BLOCK_BYTES - 24 - 16) * 0.9
_LINE_POINTER_BYTES = 4
_TUPLE_HEADER_BYTES = 8
_ROW_POINTER_BYTES = 6
# brin.pages_per_range's default.
_BRIN_RANGE_PAGES = 128
# Of trigrams and documents: an estimate on the high side, since sizes of GIN depend on the texts themselves.
_GIN_BYTES_PER_BYTE = 1.2

# Support function 4 of a B-tree operator class says that equal values are equal bytes, so that they may share an entry.
_SHAPE = """
select am.amname, sum(w.bytes)::int, min(t.relpages), exp(sum(ln(w.distinct_values))),
       min(i.indnatts - i.indnkeyatts) = 0 and bool_and(w.may_share)
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
  join pg_am am on am.oid = c.relam
  join pg_class t on t.oid = i.indrelid
  join pg_namespace n on n.oid = t.relnamespace
 cross join lateral (
    select case when a.attlen > 0 then a.attlen else coalesce(s.avg_width, 32) end as bytes,
           greatest(1, case when s.n_distinct > 0 then s.n_distinct
                            when s.n_distinct < 0 then -s.n_distinct * t.reltuples else 200 end) as distinct_values,
           exists (select from pg_opclass o join pg_amproc p on p.amprocfamily = o.opcfamily
                    where o.oid = i.indclass[a.attnum - 1] and p.amproclefttype = o.opcintype and p.amprocnum = 4
                  ) as may_share
      from pg_attribute a
      left join pg_attribute k on k.attrelid = i.indrelid and k.attnum = i.indkey[a.attnum - 1] and k.attnum > 0
      left join pg_stats s on s.schemaname = n.nspname and s.tablename = t.relname and s.attname = k.attname
                          and not s.inherited
     where a.attrelid = i.indexrelid
 ) w
 where i.indexrelid = %s
 group by am.amname
"""
_CATALOG = """
select n.nspname, c.relname, i.indrelid::regclass::text, pg_get_expr(i.indpred, i.indrelid), t.reltuples
  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
  join pg_class t on t.oid = i.indrelid where i.indexrelid = %s
"""


@dataclass(frozen=True, slots=True)
class Shape:
    """What decides an index's size beside the number of its rows."""

    #: `btree`, `gin`, `brin`, ...
    method: str
    key_bytes: int
    table_pages: int
    distinct: float
    #: Rows of equal keys share one entry (B-tree deduplication).
    shares: bool


def size(connection: psycopg.Connection[Any], index: int) -> tuple[RelationSize, int]:
    """Return the statistics the index would have on production's rows, and the bytes of a key."""
    [(schema, name, table, predicate, rows)] = connection.execute(_CATALOG, [index]).fetchall()
    if predicate:
        estimate = f"explain (format json) select from {table} where {predicate}"
        [([explained],)] = connection.execute(estimate.encode()).fetchall()
        rows = explained["Plan"]["Plan Rows"]
    [found] = connection.execute(_SHAPE, [index]).fetchall()
    shape = Shape(*found)
    count = pages(shape, rows)
    return RelationSize(schema, name, "i", count, rows, 0, count * BLOCK_BYTES), shape.key_bytes


def pages(shape: Shape, rows: float) -> int:
    """Return the pages that an index of this shape takes for so many rows.

    >>> pages(Shape("btree", 8, 0, 1e6, True), 1e6)
    2727
    >>> pages(Shape("btree", 4, 0, 100, True), 1e6)
    820
    """
    if shape.method == "brin":
        return 3 + math.ceil(shape.table_pages / _BRIN_RANGE_PAGES * (2 * shape.key_bytes + 16) / _PAGE_BYTES)
    entry = _LINE_POINTER_BYTES + _TUPLE_HEADER_BYTES + math.ceil(shape.key_bytes / 8) * 8
    if shape.method == "gin":
        # An entry points to many rows, in a few bytes each; how many entries a value has goes with its length.
        return 2 + math.ceil(rows * max(shape.key_bytes, 8) * _GIN_BYTES_PER_BYTE / _PAGE_BYTES)
    total = rows * entry
    if shape.method == "btree" and shape.shares:
        total = min(total, shape.distinct * entry + rows * _ROW_POINTER_BYTES)
    return 1 + math.ceil(total / _PAGE_BYTES)
