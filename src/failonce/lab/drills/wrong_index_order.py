"""An index is built anew with its columns in another order.

What it sees
    A migration replaces the index on (product_id, order_id) by one on (order_id, product_id), which looks the same in
    a review. To count the orders of a product, the whole of the new index is read.

Why it matters
    "There is an index on it" is true, and a glance at the schema confirms it. Only the order says that it does not
    help.

What to do
    Name the index that went and the one that came. Build the former one again. Rule out release, statistics,
    settings, traffic, network and host.

Example
    failonce drill run wrong-index-order --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "wrong-index-order"
APPLICATIONS = ("shop",)
TRUTH = Truth(
    cause="wrong-index-order",
    chain=("index-dropped", "wrong-index-order", "slow-responses"),
    ruled_out=("release", "traffic", "network", "host", "application", "stale-statistics"),
    culprit_relation="order_items",
)


def strike(world: World) -> None:
    world.execute("create index order_items_order_id_product_id on order_items (order_id, product_id)")
    world.execute("drop index order_items_product_id_order_id")


def relieve(world: World) -> None:
    world.execute(
        "create index concurrently if not exists order_items_product_id_order_id on order_items (product_id, order_id)"
    )
    world.execute("drop index if exists order_items_order_id_product_id")
