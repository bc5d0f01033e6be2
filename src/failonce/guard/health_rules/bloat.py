"""Tables full of dead rows that vacuum did not get to.

What it sees
    Tables of 10,000 rows and more of which over a fifth is dead (`pg_stat_user_tables`), and when they were last
    vacuumed.

Why it matters
    Every scan reads the dead rows as well, the table grows, and what holds vacuum up - a long transaction, an
    abandoned replication slot - holds it up everywhere.

What to do
    End what holds it up, then VACUUM the table; give a busy table a smaller autovacuum_vacuum_scale_factor.

Example
    orders: 61 % dead, last vacuumed never
"""

from __future__ import annotations

from collections.abc import Sequence

from failonce.amount import percent
from failonce.guard.health import ERROR, WARNING, Answer, Row, Server, listed, ok

ID = "bloat"
TITLE = "Vacuum keeps up"
_HALF = 0.5
QUERY = """
select relid::regclass::text as name, n_dead_tup::float8 / greatest(n_live_tup + n_dead_tup, 1) as share, n_dead_tup,
       greatest(last_vacuum, last_autovacuum)::text as last
  from pg_stat_user_tables
 where n_live_tup + n_dead_tup >= 10000 and n_dead_tup > 0.2 * (n_live_tup + n_dead_tup) order by 3 desc
"""


def check(rows: Sequence[Row], server: Server) -> Answer:
    """Return which tables are full of dead rows."""
    if not rows:
        return ok("no large table has more than a fifth of dead rows")
    told = [f"{row['name']} {percent(row['share'])} dead, vacuumed {(row['last'] or 'never')[:16]}" for row in rows]
    state = ERROR if rows[0]["share"] > _HALF else WARNING
    return Answer(state, listed(told), f"VACUUM (VERBOSE) {rows[0]['name']}; it says what holds it up.")
