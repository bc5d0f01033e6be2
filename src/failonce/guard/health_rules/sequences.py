"""Sequences near the end of their column's type.

What it sees
    The last value of each sequence against the largest its own type and the column it feeds can hold (`pg_sequences`).

Why it matters
    At the end every INSERT fails at once, and to widen the column rewrites the table. A bigint sequence that feeds an
    integer column ends at 2.1 billion all the same.

What to do
    Widen the column in time: a new bigint column, filled in batches, then switched.

Example
    orders_id_seq: 93 % of 2,147,483,647
"""

from __future__ import annotations

from collections.abc import Sequence

from failonce.amount import percent
from failonce.guard.health import ERROR, NOT_CHECKED, OK, WARNING, Answer, Row, Server, listed, ok

ID = "sequences"
TITLE = "No sequence is near its end"
_NEAR, _NEARER = 0.5, 0.8
QUERY = """
select s.schemaname || '.' || s.sequencename as name, s.last_value,
       least(s.max_value, case a.atttypid when 'int4'::regtype then 2147483647 when 'int2'::regtype then 32767
                                          else s.max_value end) as most
  from pg_sequences s
  join pg_namespace n on n.nspname = s.schemaname
  join pg_class c on c.relnamespace = n.oid and c.relname = s.sequencename
  left join pg_depend d on d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')
   and d.refobjsubid > 0
  left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
 where s.increment_by > 0 order by 1
"""


def check(rows: Sequence[Row], server: Server) -> Answer:
    """Return which have used up most of their numbers."""
    seen = [row for row in rows if row["last_value"] is not None]
    used = sorted(((row["last_value"] / row["most"], row) for row in seen), key=lambda pair: -pair[0])
    near = [f"{row['name']}: {percent(share)} of {row['most']:,}" for share, row in used if share >= _NEAR]
    unread = len(rows) - len(seen)
    if near:
        state = ERROR if used[0][0] >= _NEARER else WARNING
        return Answer(state, listed(near), "Add a bigint column, fill it in batches, switch.")
    if unread:
        hint = "They were never used, or: GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO failonce;"
        return Answer(NOT_CHECKED if not seen else OK, f"none of {len(seen)}; {unread} have no value to be read", hint)
    return ok(f"none of {len(rows)}")
