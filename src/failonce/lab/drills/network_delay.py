"""The way to the database has become longer: a decoy, no query is to blame.

What it sees
    A round trip between application and server takes 30 ms more from one second to the next. Each page makes several,
    so each is slower by a multiple, and holds its connection meanwhile. The server does the same work in the same
    time.

Why it matters
    In the application's traces every query has become slow, the trivial ones as well. The server says each took a
    millisecond; both are right.

What to do
    Name the network, from the round trip of a statement that does nothing, times the round trips of a page. Blame no
    query. Rule out release, traffic, host and application.

Example
    failonce drill run network-delay --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "network-delay"
TRUTH = Truth(
    cause="network",
    chain=("network", "slow-responses"),
    ruled_out=("release", "traffic", "host", "application", "missing-index", "unindexed-query", "blocking-session"),
    culprit_relation=None,
)
APPLICATIONS = ("spiceshare", "shop")
SCALES_ITSELF = True
COURSES = ("ramp", "flap")
FAR = True
_DELAY_S = 0.03


def strike(world: World) -> None:
    assert world.distance is not None
    world.distance.delay_s = world.strength * _DELAY_S


def relieve(world: World) -> None:
    assert world.distance is not None
    world.distance.delay_s = 0.0
