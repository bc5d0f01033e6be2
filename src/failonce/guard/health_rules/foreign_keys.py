"""Foreign keys whose columns have no index.

What it sees
    Foreign keys on tables of 10,000 rows and more whose columns no index begins with.

Why it matters
    Each DELETE on the other side, and each UPDATE of its key, reads the whole referring table; a cascade does so for
    each row. EXPLAIN does not show it.

What to do
    Build the index with CREATE INDEX CONCURRENTLY.

Example
    reviews (cook_id) → cooks
"""

from __future__ import annotations

from collections.abc import Sequence

from failonce.guard.health import ERROR, Answer, Row, Server, listed, ok

ID = "foreign-keys"
TITLE = "Every foreign key has an index"
QUERY = """
select k.conrelid::regclass::text as quoted,
       k.confrelid::regclass::text as target,
       (select string_agg(quote_ident(a.attname), ', ' order by p.place)
          from unnest(k.conkey) with ordinality as p(number, place)
          join pg_attribute a on a.attrelid = k.conrelid and a.attnum = p.number) as columns,
       c.reltuples::bigint as rows
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
 where k.contype = 'f' and k.conparentid = 0 and c.reltuples >= 10000
   and not exists (select from pg_index i where i.indrelid = k.conrelid and i.indisvalid and i.indpred is null
                      and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey
                      and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] <@ k.conkey) order by c.reltuples desc, 1
"""


def check(rows: Sequence[Row], server: Server) -> Answer:
    """Return which have none."""
    if not rows:
        return ok("each has")
    told = [f"{row['quoted']} ({row['columns']}) → {row['target']}" for row in rows]
    instead = f"CREATE INDEX CONCURRENTLY ON {rows[0]['quoted']} ({rows[0]['columns']});"
    return Answer(ERROR, f"without: {listed(told)}", instead)
