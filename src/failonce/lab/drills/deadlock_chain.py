"""Two code paths lock the same rows in opposite order: deadlocks, one after the other.

What it sees
    Deploys r42 of the shop. Checkout counts sales and then stock value; putting into a cart counts stock value and then
    sales. The first time the two meet, each holds what the other wants. After a second the server ends one of them, and
    by then the next pair stands there. On SpiceShare, v50: a recipe's page counts views and then activity, whoever
    writes counts activity and then views.

Why it matters
    Each statement alone takes a tenth of a millisecond, by primary key. No index, no setting and no machine helps; the
    order does.

What to do
    Name the order of locks and a statement of the pair; roll the release back; lock in one order everywhere.

Example
    failonce drill run deadlock-chain --out DIR
"""

from __future__ import annotations

from dataclasses import replace

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "deadlock-chain"
APPLICATIONS = ("shop", "spiceshare")
TRUTH = Truth(
    cause="lock-order",
    chain=("release", "lock-order", "lock-queue", "slow-responses"),
    ruled_out=("traffic", "network", "host", "missing-index", "unindexed-query", "inefficient-update", "session-leak"),
    culprit_relation="counters",
    release="r42",
)
_RELEASES = {"shop": "r42", "spiceshare": "v50"}
TRUTHS = {"spiceshare": replace(TRUTH, culprit_relation="tallies", release=_RELEASES["spiceshare"])}


def strike(world: World) -> None:
    world.deploy(_RELEASES[world.sample.name])


def relieve(world: World) -> None:
    world.deploy(world.sample.first_release)
