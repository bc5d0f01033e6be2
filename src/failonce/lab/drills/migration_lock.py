"""A migration takes its lock and does not let go.

What it sees
    `alter table recipes` in a transaction that stays open: somebody started it in a terminal and went to lunch. Its
    ACCESS EXCLUSIVE lock stands before every reader and writer of recipes, and that is nearly every page.

Why it matters
    The database is idle, the processors too; every system metric looks healthy while all pages hang. The waiting
    statements are the slowest ever seen, and innocent.

What to do
    Name the session at the root of the queue, not those that wait. End it. Let migrations set lock_timeout.

Example
    failonce drill run migration-lock --out DIR
"""

from __future__ import annotations

import threading

import psycopg

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "migration-lock"
TRUTH = Truth(
    cause="blocking-session",
    chain=("blocking-session", "lock-queue", "slow-responses"),
    ruled_out=("release", "traffic", "network", "host", "application", "missing-index", "unindexed-query"),
    culprit_relation="recipes",
)
_APPLICATION = "migration"


def strike(world: World) -> None:
    threading.Thread(target=_hold, args=[world.operator_dsn], name="migration", daemon=True).start()


def relieve(world: World) -> None:
    world.execute(f"select pg_terminate_backend(pid) from pg_stat_activity where application_name = '{_APPLICATION}'")


def _hold(dsn: str) -> None:
    """Hold the lock until the session is ended."""
    with psycopg.connect(dsn, application_name=_APPLICATION) as migration:
        migration.execute("alter table recipes add column if not exists servings integer")
        try:
            for _ in migration.notifies():
                pass
        except psycopg.OperationalError:
            return
