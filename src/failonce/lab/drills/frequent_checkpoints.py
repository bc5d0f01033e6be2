"""Somebody makes max_wal_size tiny to save disk, and the server checkpoints every second: an innocent.

What it sees
    An import corrects four thousand events a second, all over their table, as every day. Then `max_wal_size` is set to
    32 MB. The next checkpoint is due before the last has ended; after each, the first change of a page writes the whole
    page, so there is ten times the WAL, which brings the next checkpoint. The disk takes it, and nobody waits.

Why it matters
    The server's log says that checkpoints are too frequent, a setting was changed that second, and WAL rises tenfold.
    Each of them makes a fine cause for whatever somebody is looking for.

What to do
    Nothing at once. Set it back all the same: a few gigabytes of WAL are cheap, and the next disk may be slower.

Example
    failonce drill run frequent-checkpoints --out DIR
"""

from __future__ import annotations

from failonce.lab import errands
from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "frequent-checkpoints"
APPLICATIONS = ("shop",)
TRUTH = Truth(cause=None, chain=(), ruled_out=(), culprit_relation=None)
SETTINGS = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "max_wal_size": "4GB"}
_NAME = "import"
_IMPORT = """
update cart_events set kind = 'item seen' where id in (select (random() * 790000)::bigint from generate_series(1, 400))
"""


def prepare(world: World) -> None:
    world.make_durable("carts", "cart_items", "cart_events")
    errands.begin(world, _NAME, _IMPORT, pause_s=0.1)


def strike(world: World) -> None:
    world.execute_as_superuser("alter system set max_wal_size = '32MB'")
    world.execute_as_superuser("select pg_reload_conf()")


def relieve(world: World) -> None:
    world.execute_as_superuser("alter system reset max_wal_size")
    world.execute_as_superuser("select pg_reload_conf()")
