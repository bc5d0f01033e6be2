"""Many more visitors come than the machine can serve: a decoy, no query is to blame.

What it sees
    The request rate rises at once, on all routes alike. Every statement runs that much more often and does the same
    work per call as before. The machine runs out of CPU, so each of them also takes longer, the pool runs empty, and
    answers are slow.

Why it matters
    The database looks as it does with a bad query: busy sessions, long statements, one of them on top of the list.
    Whoever tunes that statement has fixed nothing.

What to do
    Name the traffic, from the calls per second of all statements and the requests per second. Blame no query. Rule
    out release and network. Then shed load, or add capacity.

Example
    failonce drill run traffic-spike --out DIR
"""

from __future__ import annotations

import os

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "traffic-spike"
TRUTH = Truth(
    cause="traffic",
    chain=("traffic", "slow-responses"),
    ruled_out=("release", "network"),
    culprit_relation=None,
)
SCALES_ITSELF = True
COURSES = ("ramp", "flap")
# Measured: two cores are busy at eight to ten times the usual rate. Beyond four cores it is not the machine that is
# busy but the application's interpreter.
_TIMES_PER_CORE = 6
_MOST_CORES = 4


def strike(world: World) -> None:
    cores = min(os.cpu_count() or 1, _MOST_CORES)
    world.set_rate(world.rate * (1 + world.strength * (_TIMES_PER_CORE * cores - 1)))


def relieve(world: World) -> None:
    world.set_rate(world.rate)
