"""All connections break at once and are made anew, as in a failover: an innocent, nothing is wrong.

What it sees
    The application's sessions are ended in one moment. A handful of requests fail; a second later the pool is full
    again and every page is as fast as before.

Why it matters
    A burst of errors and of new connections looks like a storm, and is over before anybody could act.

What to do
    Nothing; who wants no request to fail lets the application try again.

Example
    failonce drill run reconnects --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "reconnects"
TRUTH = Truth(cause=None, chain=(), ruled_out=(), culprit_relation=None)
APPLICATIONS = ("spiceshare", "shop")


def strike(world: World) -> None:
    name = world.sample.name
    world.execute_as_superuser(
        f"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{name}' and datname = '{name}'"
    )


def relieve(world: World) -> None:
    """Nothing is left to be undone."""
