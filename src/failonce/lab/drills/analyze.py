"""Statistics are gathered anew for the whole database: an innocent, nothing is wrong.

What it sees
    `analyze` reads a sample of every table and replaces what the planner knows of it.

Why it matters
    Plans may change at that moment, and the catalog's row counts do. Where they get no worse, nothing has happened.

What to do
    Nothing.

Example
    failonce drill run analyze --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "analyze"
TRUTH = Truth(cause=None, chain=(), ruled_out=(), culprit_relation=None)
APPLICATIONS = ("spiceshare", "shop")


def strike(world: World) -> None:
    world.execute("analyze")


def relieve(world: World) -> None:
    """Nothing is left to be undone."""
