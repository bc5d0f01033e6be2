"""A parameter of another type makes an index useless.

What it sees
    Release r12 hands order numbers to the database as decimals. The text of the statement is the same; the server
    casts the column to numeric, row by row, and reads all 700,000 orders for each.

Why it matters
    The statement looks the same in the code, in the logs and in pg_stat_statements. Whoever runs it by hand, with a
    plain number, finds it fast.

What to do
    Name the statement, and that its text came to the server as another statement since the release. Roll back, or cast
    the parameter. Rule out traffic, network, host, missing index and statistics.

Example
    failonce drill run implicit-cast --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "implicit-cast"
APPLICATIONS = ("shop",)
TRUTH = Truth(
    cause="implicit-cast",
    chain=("release", "implicit-cast", "slow-responses"),
    ruled_out=("traffic", "network", "host", "application", "missing-index", "stale-statistics"),
    culprit_relation="orders",
    release="r12",
)


def strike(world: World) -> None:
    world.deploy("r12")


def relieve(world: World) -> None:
    world.deploy("r7")
