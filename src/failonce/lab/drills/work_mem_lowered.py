"""Somebody gives sorts and hashes 64 kB, and meant 64 MB.

What it sees
    `ALTER SYSTEM SET work_mem = 64`, and a reload: without a unit it is kilobytes. The page of a product offers others
    that lie in nobody's cart, from a hash of forty-five thousand items. That hash no longer fits: the items go to a
    temporary file, which is read again for each product that might be offered. Both cores are busy with it.

Why it matters
    No code and no schema changed, every index is used, and not one block more of any table is read. Whoever changed
    the setting wanted to make things faster, and is the last to suspect it.

What to do
    Name the setting and the statement, with the temporary blocks a call that it moves now and did not before. Set it
    back, and reload. Rule out release, traffic, network, host, a missing index and outdated statistics.

Example
    failonce drill run work-mem-lowered --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "work-mem-lowered"
APPLICATIONS = ("shop",)
TRUTH = Truth(
    cause="temp-files",
    chain=("setting-changed", "temp-files", "slow-responses"),
    ruled_out=("release", "traffic", "network", "host", "application", "missing-index", "stale-statistics"),
    culprit_relation="cart_items",
)


def prepare(world: World) -> None:
    world.deploy("r15")


def strike(world: World) -> None:
    world.execute_as_superuser("alter system set work_mem = 64")
    world.execute_as_superuser("select pg_reload_conf()")


def relieve(world: World) -> None:
    world.execute_as_superuser("alter system reset work_mem")
    world.execute_as_superuser("select pg_reload_conf()")
