"""The server is restarted, and for some seconds there is none: a decoy, no query is to blame.

What it sees
    Somebody shuts the server down and starts it again six seconds later. All connections break; pages fail until the
    pool has new ones. Afterwards everything is as before.

Why it matters
    By the time somebody looks, it is over, and the graphs show a cliff in everything at once. The slowest statement of
    the minute is one that was waiting.

What to do
    Name the restart, from the server's own start time. Blame no query and no release. Then find out who, or what, did
    it: an operator, an upgrade, the kernel for want of memory.

Example
    failonce drill run database-restart --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "database-restart"
TRUTH = Truth(
    cause="server-restart",
    chain=("server-restart", "broken-connections"),
    ruled_out=("release", "traffic", "missing-index", "unindexed-query", "blocking-session"),
    culprit_relation=None,
)
APPLICATIONS = ("spiceshare", "shop")
_DOWN_S = 6.0


def strike(world: World) -> None:
    world.server.restart(down_s=_DOWN_S)


def relieve(world: World) -> None:
    """Nothing is left to be undone."""
