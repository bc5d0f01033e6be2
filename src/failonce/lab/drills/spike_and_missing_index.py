"""An index is gone on the day on which three times as many visitors come: two causes at once.

What it sees
    The index of reviews by recipe is dropped while the request rate triples. Each of the two would slow the pages down;
    together they stop them. Either one alone, put right, leaves an outage.

Why it matters
    The first explanation that fits ends the search. Whoever sees the traffic blames the campaign and adds machines;
    whoever sees the query builds the index and wonders why it is still slow.

What to do
    Name both: the missing index with its statement, and the traffic. Rule out release, network and host.

Example
    failonce drill run spike-and-missing-index --out DIR
"""

from __future__ import annotations

from failonce.lab.drills import missing_index
from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "spike-and-missing-index"
TRUTH = Truth(
    cause="missing-index",
    also=("traffic",),
    chain=("index-dropped", "missing-index", "traffic", "full-scan", "slow-responses"),
    ruled_out=("release", "network"),
    culprit_relation="reviews",
)
_TIMES = 3


def strike(world: World) -> None:
    missing_index.strike(world)
    world.set_rate(_TIMES * world.rate)


def relieve(world: World) -> None:
    world.set_rate(world.rate)
    missing_index.relieve(world)
