"""One release with two faults: a new query without an index, and a connection that does not come back.

What it sees
    Deploys v70. The recipe page now reads all of reviews, and whoever marks a favourite keeps a connection with its
    transaction open. The processors are busy and the pool runs empty, for two reasons.

Why it matters
    The full scan is seen first and explains everything; the index is built, the pool is still empty, and the second
    half of the search begins from nothing.

What to do
    Name both, each with its statement and the release that brought them. Roll it back: that ends both at once. Rule out
    traffic and network.

Example
    failonce drill run leak-and-full-scan --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "leak-and-full-scan"
TRUTH = Truth(
    cause="unindexed-query",
    also=("session-leak",),
    chain=("release", "unindexed-query", "session-leak", "full-scan", "slow-responses"),
    ruled_out=("traffic", "network", "missing-index"),
    culprit_relation="reviews",
    release="v70",
)


def strike(world: World) -> None:
    world.deploy("v70")


def relieve(world: World) -> None:
    world.deploy("v41")
