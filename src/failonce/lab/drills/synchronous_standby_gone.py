"""The standby that every commit waits for is gone: a decoy, no query is to blame.

What it sees
    `synchronous_standby_names` lists one standby, whose machine fails. From now on no commit comes back: marking a
    favourite writes its row in a tenth of a millisecond and then waits, for good, with its connection. Within seconds
    the pool is empty and every page fails, also those that only read.

Why it matters
    No lock is held, no statement is slow, processors and disk are idle, and the server takes new connections. Nothing
    has an error to tell: it waits as it was told to.

What to do
    Name what commits wait for, and that no such standby is connected. Let commits go without it, and know the price;
    then bring it back, and list a second one. Rule out release, traffic, locks, a leak and every query.

Example
    failonce drill run synchronous-standby-gone --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "synchronous-standby-gone"
TRUTH = Truth(
    cause="synchronous-standby",
    chain=("synchronous-standby", "pool-exhaustion", "pool-waiting"),
    ruled_out=("release", "traffic", "host", "blocking-session", "session-leak", "missing-index", "unindexed-query"),
    culprit_relation=None,
)
SETTINGS = {"synchronous_commit": "on"}
_NAME = "second"


def prepare(world: World) -> None:
    world.make_durable("favourites")
    world.standby.begin(_NAME)
    world.execute_as_superuser(f"alter system set synchronous_standby_names = '{_NAME}'")
    world.execute_as_superuser("select pg_reload_conf()")


def strike(world: World) -> None:
    world.standby.end()


def relieve(world: World) -> None:
    world.execute_as_superuser("alter system reset synchronous_standby_names")
    world.execute_as_superuser("select pg_reload_conf()")
