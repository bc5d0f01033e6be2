"""A release computes too much for each page: a decoy, no query is to blame.

What it sees
    Release v46 lays the recipe page out anew for each visitor, 30 ms of processor time in the application. Its
    interpreter runs one thread at a time, so all pages wait for one another. The database has no more to do than
    before.

Why it matters
    The pages that wait hold no connection, and still "the database" is asked first: it is where performance problems
    have been found before.

What to do
    Say that the time is spent in the application, and with which release it began. Blame no query. Rule out traffic
    and network.

Example
    failonce drill run busy-application --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "busy-application"
TRUTH = Truth(
    cause="application",
    chain=("release", "application", "slow-responses"),
    ruled_out=("traffic", "network", "missing-index", "unindexed-query", "blocking-session"),
    culprit_relation=None,
)


def strike(world: World) -> None:
    world.deploy("v46")


def relieve(world: World) -> None:
    world.deploy("v41")
