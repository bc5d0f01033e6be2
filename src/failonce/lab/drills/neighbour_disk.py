"""Another program keeps the database's disk busy: a decoy, no query is to blame.

What it sees
    Programs that have nothing to do with the database write and sync without a pause. Whatever the database must have
    on disk before it answers, its commits, waits behind them; reading from memory is as fast as ever.

Why it matters
    The statements that write are suddenly slow and their plans are perfect. No processor is busy.

What to do
    Name the disk and what writes to it beside PostgreSQL. Blame no query. Rule out release, traffic and network.

Example
    failonce drill run neighbour-disk --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "neighbour-disk"
TRUTH = Truth(
    cause="host",
    chain=("host", "slow-responses"),
    ruled_out=("release", "traffic", "missing-index", "unindexed-query", "blocking-session"),
    culprit_relation=None,
)
SCALES_ITSELF = True
COURSES = ("ramp", "flap")
SETTINGS = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_PROGRAMS = 6


def prepare(world: World) -> None:
    world.make_durable("reviews", "favourites")


def strike(world: World) -> None:
    world.guests.write("copy-archive", programs=max(1, round(world.strength * _PROGRAMS)))


def relieve(world: World) -> None:
    world.guests.leave()
