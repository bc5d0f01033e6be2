"""The application answers slower than it did.

What it sees
    The 95th percentile of the response times of the requests that finished in this second, from the application's
    own latency histogram: what users wait, pool and queue included.

Why it matters
    It is the first thing users notice, and the one number a director asks for.

What to do
    Nothing by itself: the diagnosis says where the time goes.

Example
    p95 response time: 2.1 s, was 6 ms
"""

from failonce.model.incident import SLOW_RESPONSES
from failonce.model.snapshot import Snapshot
from failonce.robust import quantile

ID = SLOW_RESPONSES
LABEL = "p95 response time"
UNIT = "ms"
#: Users feel a change of this size; smaller ones are noise whatever the baseline.
FLOOR = 8.0
SEEN_BY = "users"


def measure(snapshot: Snapshot) -> float | None:
    """Return the p95 of the response times in milliseconds; None when nothing finished or nobody counts."""
    application = snapshot.application
    if application is None:
        return None
    seconds = quantile(application.buckets, application.bounds_s, 0.95)
    return None if seconds is None else seconds * 1000
