"""A batch goes through a table in small steps: an innocent, nothing is wrong.

What it sees
    One session updates recipes two hundred at a time, each step its own transaction, with a pause after it.

Why it matters
    A statement that was never seen before writes more than all the others together. It is new and it is busy, and it
    hurts nobody, which is what its author took care of.

What to do
    Nothing.

Example
    failonce drill run nightly-batch --out DIR
"""

from __future__ import annotations

from failonce.lab import errands
from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "nightly-batch"
APPLICATIONS = ("spiceshare", "shop")
TRUTH = Truth(cause=None, chain=(), ruled_out=(), culprit_relation=None)
_NAME = "nightly"
_TABLES = {"spiceshare": ("recipes", "minutes", 200_000), "shop": ("customers", "name", 60_000)}


def strike(world: World) -> None:
    table, column, rows = _TABLES[world.sample.name]
    start = f"{{n}} * 200 % {rows}"
    step = f"update {table} set {column} = {column} where id between {start} and {start} + 199"
    errands.begin(world, _NAME, step, pause_s=0.2)


def relieve(world: World) -> None:
    errands.end(world, _NAME)
