"""A forgotten lock and a missing index at once: two culprits, on two tables.

What it sees
    The index of reviews by recipe is dropped, and a session holds an exclusive lock on favourites. Views of recipes
    read the whole table; whoever marks a favourite waits, and keeps a connection of the pool meanwhile.

Why it matters
    Each explains slow pages and a full pool, so the search ends with the first that is found. The index alone does not
    free the pool, the end of the session alone does not free the processors.

What to do
    Name both: the statement without its index, and the session at the root of the queue. Rule out release, traffic and
    network.

Example
    failonce drill run lock-and-missing-index --out DIR
"""

from __future__ import annotations

from failonce.lab import holder
from failonce.lab.drills import missing_index
from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "lock-and-missing-index"
TRUTH = Truth(
    cause="missing-index",
    also=("blocking-session",),
    chain=("missing-index", "blocking-session", "full-scan", "lock-queue", "slow-responses"),
    ruled_out=("release", "traffic", "network"),
    culprit_relation="reviews",
)
_HOLDER = "terminal"


def strike(world: World) -> None:
    holder.hold(world, _HOLDER, "lock table favourites in access exclusive mode")
    missing_index.strike(world)


def relieve(world: World) -> None:
    holder.end(world, _HOLDER)
    missing_index.relieve(world)
