"""Another program takes the processors of the database's machine: a decoy, no query is to blame.

What it sees
    A dozen processes that have nothing to do with the database compute as fast as they may. Each statement does the
    same work and waits longer for its turn; so does the application, where it runs on the same machine.

Why it matters
    "The database server is at 100 %" is true, and the database is not why. Its slowest statements are the ones that
    compute most, as every day.

What to do
    Name the neighbour, from the processor time that is not PostgreSQL's, and by its program. Blame no query. Rule out
    release, traffic and network.

Example
    failonce drill run neighbour-cpu --out DIR
"""

from __future__ import annotations

import os

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "neighbour-cpu"
TRUTH = Truth(
    cause="host",
    chain=("host", "slow-responses"),
    ruled_out=("release", "traffic", "missing-index", "unindexed-query", "blocking-session"),
    culprit_relation=None,
)
APPLICATIONS = ("spiceshare", "shop")
SCALES_ITSELF = True
COURSES = ("ramp", "flap")
_PROGRAMS_PER_CORE = 6


def strike(world: World) -> None:
    programs = _PROGRAMS_PER_CORE * (os.cpu_count() or 1)
    world.guests.compute("render-video", programs=max(1, round(world.strength * programs)))


def relieve(world: World) -> None:
    world.guests.leave()
