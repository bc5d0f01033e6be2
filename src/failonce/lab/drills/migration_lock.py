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

from dataclasses import replace

from failonce.lab.holder import end, hold
from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "migration-lock"
APPLICATIONS = ("spiceshare", "shop")
TRUTH = Truth(
    cause="blocking-session",
    chain=("blocking-session", "lock-queue", "slow-responses"),
    ruled_out=("release", "traffic", "network", "host", "application", "missing-index", "unindexed-query"),
    culprit_relation="recipes",
)
TRUTHS = {"shop": replace(TRUTH, culprit_relation="products")}
_APPLICATION = "migration"
_MIGRATIONS = {
    "spiceshare": "alter table recipes add column if not exists servings integer",
    "shop": "alter table products add column if not exists weight_g integer",
}


def strike(world: World) -> None:
    hold(world, _APPLICATION, _MIGRATIONS[world.sample.name])


def relieve(world: World) -> None:
    end(world, _APPLICATION)
