"""The tables that statements read, with all that decides which rows they take: from a scratch database's catalog."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from failonce.model.errors import CannotPlan

# What views are made of, and what foreign keys refer to.
_NEEDED = """
with recursive needed(oid) as (
    select to_regclass(name)::oid from unnest(%s::text[]) name where to_regclass(name) is not null
    union
    select x.oid from needed n cross join lateral (
        select d.refobjid as oid from pg_rewrite r
          join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
         where r.ev_class = n.oid and d.refclassid = 'pg_class'::regclass and d.refobjid <> n.oid
        union all select k.confrelid from pg_constraint k where k.conrelid = n.oid and k.contype = 'f'
    ) x
)
select c.oid::int8, c.oid::regclass::text,
       array(select pg_get_constraintdef(k.oid) from pg_constraint k
              where k.contype = 'c'
                and (k.conrelid = c.oid or k.conrelid in (select relid from pg_partition_tree(c.oid))
                 or k.contypid in (select a.atttypid from pg_attribute a where a.attrelid = c.oid)))
       || array(select pg_get_expr(p.relpartbound, p.oid) from pg_class p
                 where p.oid in (select relid from pg_partition_tree(c.oid)) and p.relpartbound is not null)
  from pg_class c where c.oid in (select oid from needed) and c.relkind in ('r', 'p') order by 2
"""
_COLUMNS = """
select a.attname::text, a.atttypid::int8, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       exists (select from pg_index i where i.indrelid = a.attrelid and i.indisunique and a.attnum = any(i.indkey))
  from pg_attribute a where a.attrelid = %s::int8::oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
 order by a.attnum
"""
_KEYS = """
select k.confrelid::regclass::text,
       array(select a.attname::text from unnest(k.conkey) with ordinality p(n, place)
               join pg_attribute a on a.attrelid = k.conrelid and a.attnum = p.n order by p.place),
       array(select a.attname::text from unnest(k.confkey) with ordinality p(n, place)
               join pg_attribute a on a.attrelid = k.confrelid and a.attnum = p.n order by p.place)
  from pg_constraint k where k.conrelid = %s::int8::oid and k.contype = 'f' order by k.conname
"""


@dataclass(frozen=True, slots=True)
class Column:
    """A column that takes a value."""

    name: str
    type: int
    #: With its length or scale: `character varying(3)`.
    type_name: str
    not_null: bool
    #: A unique index is on it, alone or with others.
    unique: bool


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key."""

    table: str
    columns: tuple[str, ...]
    referred: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be filled."""

    name: str
    columns: tuple[Column, ...]
    references: tuple[Reference, ...]
    #: CHECK constraints and the bounds of partitions: what stands in them are values that rows should have.
    rules: tuple[str, ...]


def read_tables(connection: psycopg.Connection[Any], names: Sequence[str]) -> tuple[Table, ...]:
    """Return the tables behind these relations, those referred to first. Raises CannotPlan."""
    found = connection.execute(_NEEDED, [list(names)]).fetchall()
    tables = [_table(connection, oid, name, rules) for oid, name, rules in found]
    if not tables:
        raise CannotPlan("it reads no table that rows could be made for", hint="write it by hand")
    return tuple(_ordered(tables))


def _table(connection: psycopg.Connection[Any], oid: int, name: str, rules: Sequence[str]) -> Table:
    columns = tuple(Column(*row) for row in connection.execute(_COLUMNS, [oid]))
    references = [Reference(table, tuple(own), tuple(of)) for table, own, of in connection.execute(_KEYS, [oid])]
    return Table(name, columns, tuple(references), tuple(rules))


def _ordered(tables: Sequence[Table]) -> Iterator[Table]:
    """Yield tables after those they refer to; a circle is entered at its first one, whose key must take NULL."""
    waiting, done = list(tables), set[str]()
    while waiting:
        free = [t for t in waiting if {r.table for r in t.references} <= done | {t.name}]
        table = (free or waiting)[0]
        waiting.remove(table)
        done.add(table.name)
        yield table
