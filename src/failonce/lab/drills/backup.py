"""A backup reads every table: an innocent, nothing is wrong.

What it sees
    pg_dump copies the whole database out, at a low priority of its own. Each COPY reads a table from end to end.

Why it matters
    It reads more than any statement of the application, all of it by sequential scans, in one transaction that only
    gets older. It is also the last thing one wants ended.

What to do
    Nothing. Should it ever hurt: run it on a replica, or at another hour.

Example
    failonce drill run backup --out DIR
"""

from __future__ import annotations

import os
import subprocess

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from failonce.lab.world import World
from failonce.model.drill import Truth
from failonce.model.errors import LabFailed

ID = "backup"
APPLICATIONS = ("spiceshare", "shop")
TRUTH = Truth(cause=None, chain=(), ruled_out=(), culprit_relation=None)


def strike(world: World) -> None:
    target = conninfo_to_dict(world.operator_dsn)
    secret = {**os.environ, "PGPASSWORD": str(target.pop("password"))}
    command = [
        "nice",
        "-n",
        "19",
        str(world.server.bin_dir / "pg_dump"),
        "--file=/dev/null",
        make_conninfo("", **target),
    ]
    copied = subprocess.run(command, env=secret, stderr=subprocess.PIPE, text=True)
    # The drill may be over, and its server gone, before everything was read: that is no failure of the backup's.
    if copied.returncode != 0 and not world.server.is_ended:
        raise LabFailed(f"pg_dump failed: {copied.stderr.strip()}", hint="The server's log may say why.")


def relieve(world: World) -> None:
    """It has ended by itself, or nearly."""
