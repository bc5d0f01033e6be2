"""Somebody corrects the stock by hand and does not commit: idle in transaction, holding every row.

What it sees
    In a terminal, `update stock` in a transaction that is left open. Every checkout waits for a row of it, keeps its
    connection, and after some seconds the pool of twenty is empty. On SpiceShare it is `update cooks`, and whoever
    reviews or marks a favourite waits, since that notes when they were last seen.

Why it matters
    The session does nothing, so it is in no list of slow statements. The checkouts are, and are innocent.

What to do
    Name the session and whose it is. End it; bound idle transactions for people's roles.

Example
    failonce drill run idle-transaction-lock --out DIR
"""

from __future__ import annotations

from dataclasses import replace

from failonce.lab.holder import end, hold
from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "idle-transaction-lock"
APPLICATIONS = ("shop", "spiceshare")
_TERMINAL = "psql"
TRUTH = Truth(
    cause="blocking-session",
    chain=("blocking-session", "lock-queue", "slow-responses"),
    ruled_out=("release", "traffic", "network", "host", "missing-index", "unindexed-query", "session-leak"),
    culprit_relation="stock",
    culprit_application=_TERMINAL,
)
TRUTHS = {"spiceshare": replace(TRUTH, culprit_relation="cooks")}
#: What somebody changes by hand, on each application.
CORRECTIONS = {
    "shop": "update stock set quantity = quantity + 10",
    "spiceshare": "update cooks set home = initcap(home)",
}


def prepare(world: World) -> None:
    if world.sample.name == "spiceshare":
        # Whoever reviews or marks a favourite now changes a row of cooks.
        world.deploy("v47")


def strike(world: World) -> None:
    hold(world, _TERMINAL, CORRECTIONS[world.sample.name])


def relieve(world: World) -> None:
    end(world, _TERMINAL)
