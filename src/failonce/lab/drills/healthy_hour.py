"""An ordinary stretch of time: an innocent, nothing is wrong.

What it sees
    Visitors come and are served. Nothing is struck.

Why it matters
    Whoever raises an alarm here will raise it every night. It is the longest of the recordings, so that the rare
    second that every system has is in it.

What to do
    Nothing.

Example
    failonce drill run healthy-hour --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "healthy-hour"
TRUTH = Truth(cause=None, chain=(), ruled_out=(), culprit_relation=None)
APPLICATIONS = ("spiceshare", "shop")
#: How long to watch. A whole hour at one look a second is more than a drill's patience.
LASTS_S = 420.0


def strike(world: World) -> None:
    """Nothing happens."""


def relieve(world: World) -> None:
    """Nothing is left to be undone."""
