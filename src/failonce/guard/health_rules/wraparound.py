"""Transaction ids run out before vacuum has frozen old rows.

What it sees
    The age of each database's oldest unfrozen transaction and multixact (`pg_database`), against 2 billion.

Why it matters
    At 2 billion the server refuses every write until vacuum has gone through everything, for hours. Autovacuum
    prevents it from 200 million on; far beyond that something holds it up.

What to do
    Find what holds it up: an old transaction, a prepared one, a replication slot; then VACUUM (FREEZE) the oldest
    tables.

Example
    shop: 1.6 billion of 2 billion transactions
"""

from __future__ import annotations

from collections.abc import Sequence

from failonce.amount import amount
from failonce.guard.health import ERROR, WARNING, Answer, Row, Server, ok

ID = "wraparound"
TITLE = "Transaction ids are far from their end"
_USUAL, _DANGER = 200_000_000, 1_000_000_000
QUERY = """
select datname as name, greatest(age(datfrozenxid), mxid_age(datminmxid))::bigint as age
  from pg_database where datallowconn order by 2 desc limit 1
"""


def check(rows: Sequence[Row], server: Server) -> Answer:
    """Return how far the oldest database is."""
    row = rows[0]
    found = f"{row['name']}: {amount(row['age'])} of 2,000 million"
    usual = 1.5 * max(server.number("autovacuum_freeze_max_age"), _USUAL)
    if row["age"] < usual:
        return ok(found)
    instead = "SELECT pid, xact_start FROM pg_stat_activity ORDER BY xact_start; end the oldest, then VACUUM (FREEZE)."
    return Answer(ERROR if row["age"] >= _DANGER else WARNING, found, instead)
