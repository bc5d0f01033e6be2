"""What used to be kept is worked out anew for every visitor.

What it sees
    Release r10 changes the key under which the bestsellers of a category are kept, and nothing is found there any
    more. The query behind them runs for each view of a category instead of once in five minutes.

Why it matters
    The query is as slow as it always was, and nobody minded while it was rare. Its plan, its table and its text are
    unchanged; only how often it runs is not.

What to do
    Name the statement and its calls per request, then and now; say what hit rate the cache had and needs. Roll back.
    Rule out traffic, network, host, missing index and heavier query.

Example
    failonce drill run cache-lost --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "cache-lost"
APPLICATIONS = ("shop",)
TRUTH = Truth(
    cause="cache-lost",
    chain=("release", "cache-lost", "slow-responses"),
    ruled_out=("traffic", "network", "host", "missing-index", "unindexed-query", "n-plus-one"),
    culprit_relation="order_items",
    release="r10",
)


def strike(world: World) -> None:
    world.deploy("r10")


def relieve(world: World) -> None:
    world.deploy("r7")
