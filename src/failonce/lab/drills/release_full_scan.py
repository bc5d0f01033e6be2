"""A new release brings a query that reads the whole of the biggest table (seed 001).

What it sees
    Release v42 is deployed. Its recipe page also asks for the cook's own latest reviews, by a column of reviews that
    has no index: 1.5 million rows are read for each view. Both cores are busy with it, the pool runs empty, and
    answers take seconds on every route, until requests give up waiting for a connection (504).

Why it matters
    In a review the query looks like its neighbours, and on a developer's hundred rows it is instant. In the seed's
    outage network and load balancer were suspected for fifty minutes before anybody read the code of the release.

What to do
    Name the query and the release that it came with: it was never seen before, and only that release's sessions run
    it. Roll the release back, or give the query its index. Rule out traffic, network, host and application.

Example
    failonce drill run release-full-scan --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Precedent, Truth

ID = "release-full-scan"
TRUTH = Truth(
    cause="unindexed-query",
    chain=("release", "unindexed-query", "full-scan", "slow-responses"),
    ruled_out=("traffic", "network", "host", "application"),
    culprit_relation="reviews",
    release="v42",
)
COURSES = ("flap",)
PRECEDENT = Precedent("The shop's team, 5 June 2024", 70)


def strike(world: World) -> None:
    world.deploy("v42")


def relieve(world: World) -> None:
    world.deploy("v41")
