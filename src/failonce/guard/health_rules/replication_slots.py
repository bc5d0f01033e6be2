"""Replication slots that nobody reads, and that keep the server's log for ever.

What it sees
    Slots that are not active, and how much log each holds back (`pg_replication_slots`).

Why it matters
    The log is kept until the disk is full; then the server stops. A slot also holds vacuum up.

What to do
    Drop the slot of a replica or consumer that is gone: SELECT pg_drop_replication_slot('NAME');

Example
    old_replica holds back 84 GB
"""

from __future__ import annotations

from collections.abc import Sequence

from failonce.amount import size
from failonce.guard.health import ERROR, WARNING, Answer, Row, Server, listed, ok

ID = "replication-slots"
TITLE = "No replication slot is abandoned"
_MUCH = 10 << 30
QUERY = """
select slot_name as name, coalesce(pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_replay_lsn()
       else pg_current_wal_lsn() end, restart_lsn), 0)::float8 as bytes
  from pg_replication_slots where not active order by 2 desc
"""


def check(rows: Sequence[Row], server: Server) -> Answer:
    """Return which hold the log back."""
    if not rows:
        return ok("none is")
    told = [f"{row['name']} holds back {size(row['bytes'])}" for row in rows]
    state = ERROR if rows[0]["bytes"] >= _MUCH else WARNING
    return Answer(state, listed(told), f"SELECT pg_drop_replication_slot('{rows[0]['name']}');")
