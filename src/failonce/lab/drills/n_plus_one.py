"""A new release asks for each row of a list by itself.

What it sees
    Release r9 is deployed. The page of a category tells what is left of each product: one query for the products, then
    one for each of them, a thousand and more. Every one of them takes a few hundredths of a millisecond.

Why it matters
    The list of slow queries is empty. The application computes, the database answers, connections are held for seconds
    in between, and the pool runs dry.

What to do
    Name the statement and how many times a request it runs now, with the release. Roll back; then ask once for all
    rows. Rule out traffic, network, host, missing index and new query without an index.

Example
    failonce drill run n-plus-one --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "n-plus-one"
APPLICATIONS = ("shop",)
TRUTH = Truth(
    cause="n-plus-one",
    chain=("release", "n-plus-one", "slow-responses"),
    ruled_out=("traffic", "network", "host", "missing-index", "unindexed-query", "cache-lost"),
    culprit_relation="stock",
    release="r9",
)


def strike(world: World) -> None:
    world.deploy("r9")


def relieve(world: World) -> None:
    world.deploy("r7")
