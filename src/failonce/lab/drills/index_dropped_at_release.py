"""An index is dropped in the very second of a harmless release.

What it sees
    Release v43 goes live; its one new query is answered from a primary key. In the same second the index behind the
    recipe page is dropped by a migration that has nothing to do with it. Both cores are busy, the pool runs empty.

Why it matters
    The release is the first thing everybody blames, and this time the clock agrees. Rolling it back costs half an hour
    and changes nothing: seed 002.

What to do
    Name the missing index, and rule the release out: the statement that hurts ran before it, and runs on without it.

Example
    failonce drill run index-dropped-at-release --out DIR
"""

from __future__ import annotations

from dataclasses import replace

from failonce.lab.drills import missing_index
from failonce.lab.drills.harmless_release import HARMLESS
from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "index-dropped-at-release"
APPLICATIONS = ("spiceshare", "shop")
TRUTH = Truth(
    cause="missing-index",
    chain=("index-dropped", "missing-index", "full-scan", "slow-responses"),
    ruled_out=("release", "traffic", "network", "host", "application"),
    culprit_relation="reviews",
)
TRUTHS = {"shop": replace(TRUTH, culprit_relation="orders")}


def strike(world: World) -> None:
    world.deploy(HARMLESS[world.sample.name])
    missing_index.strike(world)


def relieve(world: World) -> None:
    missing_index.relieve(world)
    world.deploy(world.sample.first_release)
