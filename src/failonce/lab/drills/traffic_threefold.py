"""Three times the usual visitors come, and are served: an innocent, nothing is wrong.

What it sees
    The request rate triples at once. Every statement runs three times as often and does the same work per call.

Why it matters
    Calls, commits and load rise threefold in a second, as they do before an outage. What is served in time is a good
    day, and naming a statement for it would be an accusation.

What to do
    Nothing. If an incident is opened at all, it is the traffic's, and nobody's fault.

Example
    failonce drill run traffic-threefold --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "traffic-threefold"
APPLICATIONS = ("spiceshare", "shop")
TRUTH = Truth(cause=None, chain=(), ruled_out=(), culprit_relation=None)
_TIMES = 3


def strike(world: World) -> None:
    world.set_rate(world.rate * _TIMES)


def relieve(world: World) -> None:
    world.set_rate(world.rate)
