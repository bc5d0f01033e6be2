"""Indexes that a failed build left behind: written to, never read.

What it sees
    Indexes that are not valid or not ready (`pg_index`), and that nobody is building at the moment.

Why it matters
    CREATE INDEX CONCURRENTLY that was cancelled or found a duplicate leaves its index behind. Each write to the table
    keeps it up, and no statement is ever planned with it: the index everybody believes in is not there.

What to do
    Drop it with DROP INDEX CONCURRENTLY, mend the reason, build it again.

Example
    reviews_cook_id_idx on reviews
"""

from __future__ import annotations

from collections.abc import Sequence

from failonce.guard.health import ERROR, Answer, Row, Server, listed, ok

ID = "invalid-indexes"
TITLE = "Every index is valid"
QUERY = """
select x.oid::regclass::text as name, c.relname as table_name
  from pg_index i join pg_class x on x.oid = i.indexrelid join pg_class c on c.oid = i.indrelid
  join pg_namespace n on n.oid = x.relnamespace
 where not (i.indisvalid and i.indisready) and x.relkind = 'i'
   and i.indexrelid not in (select index_relid from pg_stat_progress_create_index) order by 1
"""


def check(rows: Sequence[Row], server: Server) -> Answer:
    """Return which are left behind."""
    names = [row["name"] for row in rows]
    if not names:
        return ok("all are")
    return Answer(ERROR, f"not valid: {listed(names)}", f"DROP INDEX CONCURRENTLY {names[0]}; then build it again.")
