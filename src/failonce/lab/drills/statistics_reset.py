"""Somebody resets the server's statistics: an innocent, nothing is wrong.

What it sees
    `pg_stat_statements_reset` and `pg_stat_reset`: every counter falls to zero, every statement is there for the first
    time again.

Why it matters
    Counters that fall, baselines that are gone and statements that all seem new are what a careless monitor takes for
    an outage with a hundred culprits.

What to do
    Nothing. Differences begin anew.

Example
    failonce drill run statistics-reset --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "statistics-reset"
TRUTH = Truth(cause=None, chain=(), ruled_out=(), culprit_relation=None)
APPLICATIONS = ("spiceshare", "shop")


def strike(world: World) -> None:
    world.execute_as_superuser("select pg_stat_statements_reset()")
    world.execute_as_superuser("select pg_stat_reset()")


def relieve(world: World) -> None:
    """Nothing is left to be undone."""
