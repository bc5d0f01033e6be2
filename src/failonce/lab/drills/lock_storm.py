"""An inefficient update locks what it finds on its way through the table: queues and deadlocks (seed 003).

What it sees
    Deploys r43 of the shop. Whatever is put into a cart or bought is now credited to its campaign, by an update that no
    index serves: it reads all of cart_events and locks a campaign's rows as it meets them. Two of them begin their scan
    at different places, so they lock in different orders: they queue, and some end each other as deadlocks. On
    SpiceShare, v51 thanks the featured reviews of a newsletter, and reads all reviews to find them.

Why it matters
    Everything looks like slow queries, and in the seed three quarters of an hour went into tuning those that only
    waited. The one at the root is an update nobody looked at.

What to do
    Name the update, not those that wait for it; show the deadlocks as its consequence. Give it an index, or roll the
    release back. Rule out traffic and network, and the waiting statements as such.

Example
    failonce drill run lock-storm --out DIR
"""

from __future__ import annotations

from dataclasses import replace

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "lock-storm"
APPLICATIONS = ("shop", "spiceshare")
TRUTH = Truth(
    cause="inefficient-update",
    chain=("release", "inefficient-update", "lock-queue", "slow-responses"),
    ruled_out=("traffic", "network", "missing-index", "blocking-session", "session-leak"),
    culprit_relation="cart_events",
    release="r43",
)
_RELEASES = {"shop": "r43", "spiceshare": "v51"}
TRUTHS = {"spiceshare": replace(TRUTH, culprit_relation="reviews", release=_RELEASES["spiceshare"])}


def strike(world: World) -> None:
    world.deploy(_RELEASES[world.sample.name])


def relieve(world: World) -> None:
    world.deploy(world.sample.first_release)
