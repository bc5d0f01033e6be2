"""The statement alone can hold a good part of the connection pool.

What it sees
    Calls per second times seconds per call, as pg_stat_statements counted them: the number of connections that are at
    work on this statement at any time (Little's law). A third of the pool (`pool_size`) is a warning, all of it an
    error.

Why it matters
    A pool that one statement fills makes every other page wait, however fast its own statements are. Twice the traffic,
    or twice the time per call, and requests time out.

What to do
    Make it faster or rarer: an index, a cache, one statement instead of many. A larger pool moves the queue into the
    database.

Example
    21 calls/s × 0.94 s = 20 connections, and the pool has 10
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.amount import amount
from failonce.guard.case import Case, Found

ID = "pool-hold"
SEVERITY = "warning"


def check(case: Case) -> Iterator[Found]:
    """Yield a statement that takes a third of the pool."""
    rate, pool = case.statement.rate, case.limits.pool_size
    if rate is None or rate.sessions < pool / 3:
        return
    product = f"{amount(rate.calls_per_s)} calls/s × {amount(1000 * rate.seconds_per_call, 'ms')}"
    instead = case.advice.text if case.advice else "Make it faster or rarer; a larger pool only moves the queue."
    severity = "error" if rate.sessions >= pool else None
    yield Found(f"Holds {amount(rate.sessions)} of {pool} connections: {product}.", instead, severity=severity)
