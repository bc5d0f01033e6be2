"""Requests queue for a database connection.

What it sees
    How many callers wait for a connection of the application's pool at this instant.

Why it matters
    A full pool turns one slow query into an outage of every page: the others wait although their own queries are fast.

What to do
    Do not enlarge the pool first. Find who holds the connections; more of them would wait on the same thing.

Example
    Requests waiting for a database connection: 14, was 0
"""

from failonce.model.snapshot import Snapshot

ID = "pool-waiting"
LABEL = "Requests waiting for a database connection"
UNIT = ""
FLOOR = 0.5
SEEN_BY = "users"


def measure(snapshot: Snapshot) -> float | None:
    """Return the number of callers that wait for a connection; None when the application does not tell."""
    application = snapshot.application
    return None if application is None or application.pool_waiting is None else float(application.pool_waiting)
