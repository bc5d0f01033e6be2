"""A release without a fault: an innocent, nothing is wrong.

What it sees
    Release v43 replaces v41. Its one new query is answered from a primary key; for a second both releases run.

Why it matters
    Connections come and go, a statement appears that was never seen, caches are cold: much that an outage begins with.

What to do
    Nothing.

Example
    failonce drill run harmless-release --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "harmless-release"
APPLICATIONS = ("spiceshare", "shop")
TRUTH = Truth(cause=None, chain=(), ruled_out=(), culprit_relation=None)
#: A release that changes nothing to speak of, of each application.
HARMLESS = {"spiceshare": "v43", "shop": "r8"}


def strike(world: World) -> None:
    world.deploy(HARMLESS[world.sample.name])


def relieve(world: World) -> None:
    world.deploy(world.sample.first_release)
