"""Another program's file has taken the last of the disk.

What it sees
    The file system that holds the data has no page left. Whatever must extend a table or an index is refused; reading
    goes on. Marking favourites and writing reviews answer 500, the other pages are as fast as ever.

Why it matters
    The pages that fail have nothing in common in the code, and the first thought is a bug in the last release. The
    server's own log may lie on the same disk and be unable to say it.

What to do
    Name the disk. Make room: old logs, dumps, replication slots that keep WAL; never a file below the data directory
    that is PostgreSQL's own. Rule out release, traffic, locks and every query.

Example
    failonce drill run disk-full --out DIR
"""

from __future__ import annotations

import contextlib

import psycopg

from failonce.lab.disk import fill
from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "disk-full"
TRUTH = Truth(
    cause="disk-full",
    chain=("disk-full", "failed-requests"),
    ruled_out=("release", "traffic", "missing-index", "unindexed-query", "blocking-session"),
    culprit_relation=None,
)
DISK_BYTES = 1_600_000_000
_FILE = "core.dump"
# Pages that the table has in reserve carry it for a minute or two; a drill need not wait for that.
_USE_UP = """
insert into reviews (recipe_id, cook_id, rating, comment, created_at)
select 1, 1, 5, repeat('Imported. ', 20), now() from generate_series(1, 2000)
"""


def strike(world: World) -> None:
    fill(world.server.data_dir / _FILE)
    with contextlib.suppress(psycopg.errors.DiskFull):
        while True:
            world.execute(_USE_UP)


def relieve(world: World) -> None:
    (world.server.data_dir / _FILE).unlink(missing_ok=True)
