"""Sequences near the end of their column's type.

What it sees
    The last value of each sequence against the largest its own type and the column it feeds can hold (`pg_sequences`).
    A role that may not read a sequence sees none of it: then the rows of its table stand for it, of which there cannot
    be more than numbers were drawn, and what stays unseen is said with the GRANT that shows it.

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
from failonce.guard.health import ERROR, NOT_CHECKED, WARNING, Answer, Row, Server, listed, ok

ID = "sequences"
TITLE = "No sequence is near its end"
_NEAR, _NEARER = 0.5, 0.8
QUERY = """
select s.schemaname || '.' || s.sequencename as name, quote_ident(s.schemaname) as schema, s.last_value,
       not has_sequence_privilege(c.oid, 'SELECT, USAGE') as unseen,
       coalesce(greatest(t.reltuples, pg_stat_get_live_tuples(t.oid)), 0)::bigint as rows,
       least(s.max_value, case a.atttypid when 'int4'::regtype then 2147483647 when 'int2'::regtype then 32767
                                          else s.max_value end) as most
  from pg_sequences s
  join pg_namespace n on n.nspname = s.schemaname
  join pg_class c on c.relnamespace = n.oid and c.relname = s.sequencename
  left join pg_depend d on d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')
   and d.refobjsubid > 0
  left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
  left join pg_class t on t.oid = d.refobjid
 where s.increment_by > 0 order by 1
"""


def check(rows: Sequence[Row], server: Server) -> Answer:
    """Return which have used up most of their numbers, and which are not seen."""
    used = sorted(((_drawn(row) / row["most"], row) for row in rows), key=lambda pair: -pair[0])
    near = [_told(share, row) for share, row in used if share >= _NEAR]
    unseen = [row for row in rows if row["unseen"]]
    schemas = dict.fromkeys(row["schema"] for row in unseen)
    grant = " ".join(f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA {name} TO {server.role};" for name in schemas)
    if near:
        state = ERROR if used[0][0] >= _NEARER else WARNING
        return Answer(state, listed(near), f"Add a bigint column, fill it in batches, switch. {grant}".strip())
    if unseen:
        told = f"not seen: {listed([row['name'] for row in unseen])}; by the rows of its table none is near"
        return Answer(NOT_CHECKED, told, grant)
    return ok(f"none of {len(rows)}")


def _drawn(row: Row) -> int:
    """Return how many numbers were drawn, at least."""
    return int(row["rows"] if row["unseen"] else row["last_value"] or 0)


def _told(share: float, row: Row) -> str:
    least = "at least " if row["unseen"] else ""
    return f"{row['name']}: {least}{percent(share)} of {row['most']:,}"
