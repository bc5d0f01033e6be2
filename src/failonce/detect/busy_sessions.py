"""More sessions are inside the database at once.

What it sees
    Client sessions in state `active` at this instant, waiting or working.

Why it matters
    Load on a database is sessions at work: it rises with every cause of slowness, seconds before statistics tell,
    because a running statement counts from its first moment.

What to do
    Nothing by itself: the diagnosis splits them by query and by what they wait for.

Example
    Active sessions: 11, was 0
"""

from failonce.model.snapshot import Snapshot

ID = "busy-sessions"
LABEL = "Active sessions"
UNIT = ""
FLOOR = 0.6
SEEN_BY = "database"


def measure(snapshot: Snapshot) -> float | None:
    """Return the number of active client sessions; None when sessions could not be read."""
    if snapshot.sessions is None:
        return None
    return float(sum(s.state == "active" and s.kind == "client backend" for s in snapshot.sessions))
