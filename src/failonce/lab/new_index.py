"""An index that production does not have: built for real on the twin's empty table, and how large it would be.

The size comes from the statistics of its columns and the manual's chapters on storage and on each index type; it is an
estimate, good enough for the planner, which asks for pages and rows only.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

import psycopg

from failonce.lab.blueprint import RelationStatistics
from failonce.lab.sparse import BLOCK_BYTES
from failonce.model.errors import CannotLook

# A page less its header and a B-tree's special space, filled to the default fillfactor of 90.
_PAGE_BYTES = (BLOCK_BYTES - 24 - 16) * 0.9
_LINE_POINTER_BYTES = 4
_TUPLE_HEADER_BYTES = 8
_ROW_POINTER_BYTES = 6
# brin.pages_per_range's default.
_BRIN_RANGE_PAGES = 128
_CONCURRENTLY = re.compile(r"\bconcurrently\b", re.IGNORECASE)

# Support function 4 of a B-tree operator class says that equal values are equal bytes, so that they may share an entry.
_SHAPE = """
select am.amname, sum(w.bytes), min(t.relpages), exp(sum(ln(w.distinct_values))),
       min(i.indnatts - i.indnkeyatts) = 0 and bool_and(w.may_share)
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
  join pg_am am on am.oid = c.relam
  join pg_class t on t.oid = i.indrelid
 cross join lateral (
    select case when a.attlen > 0 then a.attlen else coalesce(s.stawidth, 32) end as bytes,
           greatest(1, case when s.stadistinct > 0 then s.stadistinct
                            when s.stadistinct < 0 then -s.stadistinct * t.reltuples else 200 end) as distinct_values,
           exists (select from pg_opclass o join pg_amproc p on p.amprocfamily = o.opcfamily
                    where o.oid = i.indclass[a.attnum - 1] and p.amproclefttype = o.opcintype and p.amprocnum = 4
                  ) as may_share
      from pg_attribute a
      left join pg_statistic s on s.starelid = i.indrelid and s.staattnum = i.indkey[a.attnum - 1] and not s.stainherit
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


def build(connection: psycopg.Connection[Any], statement: str) -> int:
    """Run a CREATE INDEX statement inside the current transaction and return the index's oid."""
    before = _index_oids(connection)
    try:
        # CONCURRENTLY cannot run in a transaction, and here nobody else is to be spared.
        connection.execute(_CONCURRENTLY.sub("", statement).encode())
    except psycopg.Error as refused:
        raise CannotLook(
            f"PostgreSQL refuses this index: {refused.diag.message_primary}: {statement}",
            hint="check the columns, and that the extension of its operator class is installed",
        ) from refused
    new = _index_oids(connection) - before
    if not new:
        raise CannotLook(
            f"this makes no index: {statement}", hint="give a CREATE INDEX statement with a name of its own"
        )
    return max(new)


def size(connection: psycopg.Connection[Any], index: int) -> RelationStatistics:
    """Return the statistics the index would have on production's rows."""
    [(schema, name, table, predicate, rows)] = connection.execute(_CATALOG, [index]).fetchall()
    if predicate:
        estimate = f"explain (format json) select from {table} where {predicate}"
        [([explained],)] = connection.execute(estimate.encode()).fetchall()
        rows = explained["Plan"]["Plan Rows"]
    [shape] = connection.execute(_SHAPE, [index]).fetchall()
    count = pages(Shape(*shape), rows)
    return RelationStatistics(schema, name, "i", count, rows, 0, count * BLOCK_BYTES)


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
    total = rows * entry
    if shape.method == "btree" and shape.shares:
        total = min(total, shape.distinct * entry + rows * _ROW_POINTER_BYTES)
    return 1 + math.ceil(total / _PAGE_BYTES)


def _index_oids(connection: psycopg.Connection[Any]) -> set[int]:
    return {oid for (oid,) in connection.execute("select indexrelid from pg_index")}
