"""A release reads a table that nobody let the application read.

What it sees
    The migration of v45 makes the table collections and grants nothing. The recipe page, nearly half of all requests,
    answers 500: `permission denied for table collections`. No statement is slow, no session waits, nothing is busy.

Why it matters
    In the test environment the application owns its tables, and there it worked. Everybody looks at the code of the
    release, which is right.

What to do
    Name the table and the release that came with the statement. Grant the privilege; rolling back works, too. Rule out
    traffic, host and locks.

Example
    failonce drill run permission-denied --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "permission-denied"
TRUTH = Truth(
    cause="permission-denied",
    chain=("release", "permission-denied", "refused-statements", "failed-requests"),
    ruled_out=("traffic", "host", "missing-index", "unindexed-query", "blocking-session"),
    culprit_relation="collections",
    release="v45",
)


def strike(world: World) -> None:
    world.execute("create table if not exists collections (recipe_id integer, title text)")
    world.deploy("v45")


def relieve(world: World) -> None:
    world.deploy("v41")
