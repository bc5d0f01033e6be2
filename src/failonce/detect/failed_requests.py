"""The application answers with errors.

What it sees
    The share of the requests finished in this second whose status was 5xx.

Why it matters
    A slow answer costs patience, an error costs the order. Timeouts of the pool arrive here as 504.

What to do
    Nothing by itself: the diagnosis says what fails.

Example
    Failed requests: 38 %, was 0 %
"""

from failonce.model.snapshot import Snapshot

ID = "failed-requests"
LABEL = "Failed requests"
UNIT = "%"
#: One failed request in a hundred happens on good days.
FLOOR = 0.5
SEEN_BY = "users"


def measure(snapshot: Snapshot) -> float | None:
    """Return failed requests in percent; None when nothing finished or nobody counts."""
    application = snapshot.application
    if application is None or application.requests == 0:
        return None
    return 100 * application.errors / application.requests
