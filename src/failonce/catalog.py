"""Read a database's structure from its catalog: of production, or of a twin that has production's sizes.

Two statements on a connection somebody else opened, and bounds; reading the catalog waits for no lock of a table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from failonce.structure import Column, ForeignKey, KnownIndex, Structure, Table

if TYPE_CHECKING:
    from psycopg import Connection

# Names as to_regclass takes them, `public` left out.
_NAME = "case n.nspname when 'public' then '' else n.nspname || '.' end || c.relname"
_OURS = "n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%'"
_TABLES = f"""
select {_NAME}, greatest(c.reltuples, 0)::bigint,
       case when c.relkind = 'p' then 0 else pg_relation_size(c.oid) end,
       array_agg(a.attname::text order by a.attnum), array_agg(format_type(a.atttypid, a.atttypmod) order by a.attnum),
       array_agg(a.attnotnull order by a.attnum)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
 where c.relkind in ('r', 'p', 'm') and {_OURS} group by c.oid, n.nspname order by 1
"""
_INDEXES = f"""
select x.relname::text, {_NAME},
       (select array_agg(coalesce(a.attname::text, pg_get_indexdef(i.indexrelid, k, true)) order by k)
          from generate_series(1, i.indnkeyatts) as k
          left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[k - 1] and a.attnum > 0),
       i.indisunique, i.indisvalid, coalesce(pg_get_expr(i.indpred, i.indrelid), ''), pg_get_indexdef(i.indexrelid),
       pg_stat_get_numscans(i.indexrelid)
  from pg_index i join pg_class x on x.oid = i.indexrelid join pg_class c on c.oid = i.indrelid
  join pg_namespace n on n.oid = c.relnamespace where {_OURS} order by 1
"""
_FOREIGN_KEYS = f"""
select k.conname::text, {_NAME},
       (select array_agg(a.attname::text order by p.place) from unnest(k.conkey) with ordinality as p(number, place)
          join pg_attribute a on a.attrelid = k.conrelid and a.attnum = p.number),
       (select {_NAME.replace("c.", "f.").replace("n.", "m.")} from pg_class f
          join pg_namespace m on m.oid = f.relnamespace where f.oid = k.confrelid),
       case k.confdeltype when 'c' then 'cascade' when 'n' then 'set null' when 'd' then 'set default'
                          when 'r' then 'restrict' else 'no action' end
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
 where k.contype = 'f' and k.conparentid = 0 and {_OURS} order by 1
"""
_SETTINGS = """
select name, setting from pg_settings where category like 'Query Tuning%' or name in ('work_mem', 'hash_mem_multiplier')
"""


def read(connection: Connection[Any]) -> Structure:
    """Return the structure of the connection's database."""
    tables = [
        Table(name, rows, size, tuple(map(Column, names, types, needed)))
        for name, rows, size, names, types, needed in connection.execute(_TABLES)
    ]
    indexes = [KnownIndex(name, table, tuple(keys), *rest) for name, table, keys, *rest in connection.execute(_INDEXES)]
    keys = [
        ForeignKey(name, table, tuple(columns), *rest)
        for name, table, columns, *rest in connection.execute(_FOREIGN_KEYS)
    ]
    settings = dict(connection.execute(_SETTINGS).fetchall())
    return Structure(tuple(tables), tuple(indexes), tuple(keys), settings)
