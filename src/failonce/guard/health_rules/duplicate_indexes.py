"""Two indexes over the same, of which one does all the work.

What it sees
    Indexes of the same method, predicate and operator classes on the same table whose columns are equal, or of which
    one begins with all columns of the other; unique ones are never called superfluous.

Why it matters
    Every write keeps both up, both take room in memory, and nothing is read faster for it.

What to do
    Drop the shorter one with DROP INDEX CONCURRENTLY, if it carries no constraint.

Example
    reviews_recipe_id is covered by reviews_recipe_id_created_at
"""

from __future__ import annotations

from collections.abc import Sequence

from failonce.amount import size
from failonce.guard.health import WARNING, Answer, Row, Server, listed, ok

ID = "duplicate-indexes"
TITLE = "No index does what another does already"
QUERY = """
select x.oid::regclass::text as name, y.oid::regclass::text as other, pg_relation_size(x.oid) as bytes
  from pg_index i join pg_class x on x.oid = i.indexrelid join pg_namespace n on n.oid = x.relnamespace
  join pg_index j on j.indrelid = i.indrelid and j.indexrelid <> i.indexrelid
  join pg_class y on y.oid = j.indexrelid and y.relam = x.relam
 where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
   and not i.indisunique and i.indisvalid and j.indisvalid
   and coalesce(i.indpred::text, '') = coalesce(j.indpred::text, '')
   and coalesce(i.indexprs::text, '') = coalesce(j.indexprs::text, '')
   and (j.indkey::text || ' ') like (i.indkey::text || ' %')
   and (j.indclass::text || ' ') like (i.indclass::text || ' %')
   and (j.indoption::text || ' ') like (i.indoption::text || ' %')
   and (j.indkey::text <> i.indkey::text or j.indisunique or i.indexrelid > j.indexrelid)
   and not exists (select from pg_constraint where conindid = i.indexrelid)
 order by 3 desc, 1
"""


def check(rows: Sequence[Row], server: Server) -> Answer:
    """Return which another one covers."""
    if not rows:
        return ok("none does")
    told = [f"{row['name']} ({size(row['bytes'])}) by {row['other']}" for row in rows]
    drop = f"DROP INDEX CONCURRENTLY {rows[0]['name']};"
    return Answer(WARNING, f"covered: {listed(told)}", drop)
