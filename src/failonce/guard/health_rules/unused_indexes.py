"""Indexes that no statement has used since the server began to count.

What it sees
    Indexes of 1 MB and more without a scan, that neither are unique nor carry a constraint, once the server has
    counted for a week. Replicas count for themselves.

Why it matters
    Each write keeps them up, and vacuum reads them whole.

What to do
    Look at the replicas and think of the report at the end of the quarter; then DROP INDEX CONCURRENTLY.

Example
    recipes_old_slug, 84 MB, 0 scans in 92 days
"""

from __future__ import annotations

from collections.abc import Sequence

from failonce.amount import size
from failonce.guard.health import NOT_CHECKED, WARNING, Answer, Row, Server, listed, ok

ID = "unused-indexes"
TITLE = "Every large index is used"
_DAYS = 7
QUERY = """
select x.oid::regclass::text as name, pg_relation_size(x.oid) as bytes
  from pg_stat_user_indexes s join pg_index i using (indexrelid) join pg_class x on x.oid = indexrelid
  join pg_namespace n on n.oid = x.relnamespace
 where s.idx_scan = 0 and not i.indisunique and i.indisvalid and pg_relation_size(x.oid) >= 1048576
   and not exists (select from pg_constraint where conindid = i.indexrelid) order by 2 desc, 1
"""


def check(rows: Sequence[Row], server: Server) -> Answer:
    """Return which are not used, once that can be told."""
    if server.counting_days is not None and server.counting_days < _DAYS:
        return Answer(NOT_CHECKED, f"counted for {server.counting_days:.1f} days only: too short to tell")
    if not rows:
        return ok("all are")
    told = [f"{row['name']} ({size(row['bytes'])})" for row in rows]
    total = size(sum(row["bytes"] for row in rows))
    instead = f"After a look at the replicas: DROP INDEX CONCURRENTLY {rows[0]['name']};"
    return Answer(WARNING, f"{total} never used: {listed(told)}", instead)
