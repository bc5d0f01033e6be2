"""Connections near max_connections.

What it sees
    Client connections to the whole server, now, against what ordinary roles may have: `max_connections` less what is
    reserved (`pg_stat_activity`); and whose they are.

Why it matters
    Whoever comes when there is none left is refused, every page at once, and so is the person who wants to look.

What to do
    Pools in front of it, smaller ones or one for all (pgbouncer); close what sits idle. More connections are memory
    and snapshots that every statement pays for.

Example
    83 of 97 are open, most of them of shop (61, 58 idle)
"""

from __future__ import annotations

from collections.abc import Sequence

from failonce.amount import percent
from failonce.guard.health import ERROR, WARNING, Answer, Row, Server, ok

ID = "connections"
TITLE = "Connections are left"
_NEAR, _NEARER = 0.8, 0.95
QUERY = """
select coalesce(nullif(application_name, ''), usename, 'somebody') as whose, count(*) as open,
       count(*) filter (where state = 'idle') as idle
  from pg_stat_activity where backend_type = 'client backend' or (backend_type is null and datid is not null)
 group by 1 order by 2 desc, 1
"""
_RESERVED = ("superuser_reserved_connections", "reserved_connections")


def check(rows: Sequence[Row], server: Server) -> Answer:
    """Return how many are left."""
    usable = int(server.number("max_connections") - sum(server.number(name) for name in _RESERVED))
    taken = sum(row["open"] for row in rows)
    found = f"{taken} of {usable} are open"
    if not rows or taken < _NEAR * usable:
        return ok(found)
    most = rows[0]
    found += f" ({percent(taken / usable)}), most of them of {most['whose']} ({most['open']}, {most['idle']} idle)"
    instead = f"Put a pool in front of {most['whose']}, or make its pool smaller; close what sits idle."
    return Answer(ERROR if taken >= _NEARER * usable else WARNING, found, instead)
