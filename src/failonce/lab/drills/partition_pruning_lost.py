"""A condition no longer tells which partition it is about.

What it sees
    Release r14 looks for today's movements by the printed day, to_char(moved_at, ...), instead of a range of time. The
    planner cannot tell from it which partition is meant, nor use their indexes: twelve months are read for one day.

Why it matters
    On a developer's machine with one partition it is as fast as before, and the condition says the same.

What to do
    Name the statement and the partitions it reads, then and now. Roll back, or write the range. Rule out traffic,
    network, host and missing index.

Example
    failonce drill run partition-pruning-lost --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "partition-pruning-lost"
APPLICATIONS = ("shop",)
TRUTH = Truth(
    cause="partition-pruning-lost",
    chain=("release", "partition-pruning-lost", "slow-responses"),
    ruled_out=("traffic", "network", "host", "application", "missing-index"),
    culprit_relation="movements",
    release="r14",
)


def strike(world: World) -> None:
    world.deploy("r14")


def relieve(world: World) -> None:
    world.deploy("r7")
