"""Large tables whose statistics are missing or old.

What it sees
    Tables of 10,000 rows and more that were never analyzed, or of which more than half changed since
    (`pg_stat_user_tables`).

Why it matters
    The planner decides by statistics. Without them it takes a table for empty, or for as it was last year, and plans
    that were right turn into scans.

What to do
    ANALYZE the table; give one that grows by bulk loads an ANALYZE after each.

Example
    reviews: 1.2 million rows changed since the last analyze
"""

from __future__ import annotations

from collections.abc import Sequence

from failonce.guard.health import WARNING, Answer, Row, Server, listed, ok

ID = "statistics"
TITLE = "The planner's statistics are fresh"
QUERY = """
select relid::regclass::text as name, n_mod_since_analyze as changed,
       coalesce(last_analyze, last_autoanalyze) is null as never
  from pg_stat_user_tables
 where n_live_tup >= 10000 and (n_mod_since_analyze > 0.5 * n_live_tup
       or (last_analyze is null and last_autoanalyze is null and n_mod_since_analyze > 0)) order by 2 desc
"""


def check(rows: Sequence[Row], server: Server) -> Answer:
    """Return which tables the planner does not know."""
    if not rows:
        return ok("of every large table")
    told = [f"{row['name']} {'never analyzed' if row['never'] else 'changed by half since'}" for row in rows]
    return Answer(WARNING, listed(told), f"ANALYZE {rows[0]['name']};")
