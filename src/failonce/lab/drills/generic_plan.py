"""A prepared statement is planned for any value, and the plan suits none.

What it sees
    Release r13 brings a driver that prepares statements on the server. After five runs a connection plans the list of
    orders to be packed for any state and not for the state asked for: the index on the few orders that are not done
    cannot be used, and all 700,000 are walked through.

Why it matters
    Same text, same statement, same index, same statistics; and whoever tries it with EXPLAIN gets the good plan.

What to do
    Name the plan: the statement is no longer planned at each call, and reads a thousand times as much since. Set
    plan_cache_mode to force_custom_plan for the role, or roll back. Rule out traffic, network, host and missing index.

Example
    failonce drill run generic-plan --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "generic-plan"
APPLICATIONS = ("shop",)
TRUTH = Truth(
    cause="generic-plan",
    chain=("release", "generic-plan", "slow-responses"),
    ruled_out=("traffic", "network", "host", "application", "missing-index", "stale-statistics"),
    culprit_relation="orders",
    release="r13",
)


def strike(world: World) -> None:
    world.deploy("r13")


def relieve(world: World) -> None:
    world.deploy("r7")
