"""Deleting a row reads the whole of a table that refers to it.

What it sees
    Release r11 clears three old carts away at each checkout. Their events go with them (on delete cascade), and no
    index leads from a cart to its events: for each cart 800,000 rows are read.

Why it matters
    The statement names only carts, which is small and has a primary key; EXPLAIN shows an index scan. The work is done
    by a trigger that no plan shows.

What to do
    Name the foreign key, the table behind it and the columns to be indexed. Build the index, or roll back. Rule out
    traffic, network, host and missing index.

Example
    failonce drill run missing-foreign-key-index --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "missing-foreign-key-index"
APPLICATIONS = ("shop",)
TRUTH = Truth(
    cause="missing-foreign-key-index",
    chain=("release", "missing-foreign-key-index", "slow-responses"),
    ruled_out=("traffic", "network", "host", "application", "missing-index"),
    culprit_relation="carts",
    release="r11",
)


def strike(world: World) -> None:
    world.deploy("r11")


def relieve(world: World) -> None:
    world.deploy("r7")
