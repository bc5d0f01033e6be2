"""The planner believes in numbers that are no longer true.

What it sees
    An import marks 400,000 old orders as paid, to be packed once more. The statistics still say that nearly no order
    is in that state, so the list of what is to be packed is made as before: by fetching all orders in that state and
    sorting them.

Why it matters
    The statement, its plan and its answer of twenty rows are what they were; its work is a thousand times as much.
    Autovacuum would gather statistics within a minute or an hour, depending on who gets there first.

What to do
    Name the statistics: how many rows were written since they were gathered. Run ANALYZE. Rule out release, missing
    index, settings, traffic, network and host.

Example
    failonce drill run stale-statistics --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "stale-statistics"
APPLICATIONS = ("shop",)
TRUTH = Truth(
    cause="stale-statistics",
    chain=("stale-statistics", "slow-responses"),
    ruled_out=("release", "traffic", "network", "host", "application", "missing-index", "table-bloat"),
    culprit_relation="orders",
)


def strike(world: World) -> None:
    world.execute("alter table orders set (autovacuum_enabled = off)")
    world.execute("update orders set state = 'paid' where id <= 400000")


def relieve(world: World) -> None:
    world.execute("alter table orders reset (autovacuum_enabled)")
    world.execute("analyze orders")
