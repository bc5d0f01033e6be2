"""A release forgets to give connections back (seed 004).

What it sees
    Deploys v44. When somebody marks a favourite, it now keeps the connection, its transaction still open: one session
    after the other is idle in transaction, until the pool of ten is gone and every page answers 504.

Why it matters
    No query is slow, no processor is busy, traffic is normal. In the seed, four and a half hours went by along network,
    attack and hardware.

What to do
    Name the leak and the statement after which the sessions sit; roll the release back. Rule out traffic, network and
    host, and every query as such.

Example
    failonce drill run session-leak --out DIR
"""

from __future__ import annotations

from dataclasses import replace

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "session-leak"
APPLICATIONS = ("spiceshare", "shop")
TRUTH = Truth(
    cause="session-leak",
    chain=("release", "session-leak", "pool-exhaustion", "slow-responses"),
    ruled_out=("traffic", "network", "host", "missing-index", "unindexed-query", "blocking-session"),
    culprit_relation="favourites",
    release="v44",
)
_RELEASES = {"spiceshare": "v44", "shop": "r46"}
TRUTHS = {"shop": replace(TRUTH, culprit_relation="cart_items", release=_RELEASES["shop"])}


def strike(world: World) -> None:
    world.deploy(_RELEASES[world.sample.name])


def relieve(world: World) -> None:
    world.deploy(world.sample.first_release)
