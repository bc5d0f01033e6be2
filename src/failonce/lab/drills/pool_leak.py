"""A release borrows connections and does not give them back; they are idle, outside any transaction.

What it sees
    Deploys v60 of SpiceShare. When somebody marks a favourite it keeps the connection; no transaction is open. One
    after the other is gone from the pool of ten, and every page answers 504.

Why it matters
    The database sees ten idle connections, as on any good day: no lock, no transaction, no load. No timeout of the
    server ends them.

What to do
    Name the leak by the statement that the idle connections ran last; roll the release back. Rule out the queries,
    the network and the host.

Example
    failonce drill run pool-leak --out DIR
"""

from __future__ import annotations

from dataclasses import replace

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "pool-leak"
APPLICATIONS = ("spiceshare", "shop")
TRUTH = Truth(
    cause="pool-leak",
    chain=("release", "pool-leak", "pool-exhaustion", "slow-responses"),
    ruled_out=("traffic", "network", "host", "missing-index", "unindexed-query", "blocking-session", "session-leak"),
    culprit_relation="favourites",
    release="v60",
)
_RELEASES = {"spiceshare": "v60", "shop": "r60"}
TRUTHS = {"shop": replace(TRUTH, culprit_relation="cart_items", release=_RELEASES["shop"])}


def strike(world: World) -> None:
    world.deploy(_RELEASES[world.sample.name])


def relieve(world: World) -> None:
    world.deploy(world.sample.first_release)
