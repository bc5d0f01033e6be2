"""Somebody drops the index behind the recipe page (seed 000).

What it sees
    `drop index` on the index of reviews by recipe. Each view of a recipe, which is nearly half of all requests, now
    reads the whole table of 1.5 million reviews. Both cores are busy with it, the pool runs empty, and answers take
    seconds on every route, until requests give up waiting for a connection (504).

Why it matters
    The statement, its callers and the release are the same as yesterday, so nothing in the code explains it. People
    look at the last deployment, the traffic and the network first; in the seed's outage that took half an hour.

What to do
    Name the missing index, from the statement's blocks per call and the index that is gone from the catalog. Create
    it again with `create index concurrently`. Rule out release, traffic, network, host and application.

Example
    failonce drill run missing-index --out DIR
"""

from __future__ import annotations

from dataclasses import replace

from failonce.lab.world import World
from failonce.model.drill import Precedent, Truth

ID = "missing-index"
APPLICATIONS = ("spiceshare", "shop")
TRUTH = Truth(
    cause="missing-index",
    chain=("index-dropped", "missing-index", "full-scan", "slow-responses"),
    ruled_out=("release", "traffic", "network", "host", "application"),
    culprit_relation="reviews",
)
TRUTHS = {"shop": replace(TRUTH, culprit_relation="orders")}
PRECEDENT = Precedent("SpiceShare's team, 15 August 2024", 30)


_INDEXES = {
    "spiceshare": ("reviews_recipe_id_created_at", "reviews (recipe_id, created_at desc)"),
    "shop": ("orders_customer_id_placed_at", "orders (customer_id, placed_at)"),
}


def strike(world: World) -> None:
    name, _ = _INDEXES[world.sample.name]
    world.execute(f"drop index {name}")


def relieve(world: World) -> None:
    name, columns = _INDEXES[world.sample.name]
    world.execute(f"create index concurrently if not exists {name} on {columns}")
