"""A prepared transaction that its coordinator forgot holds its locks without any session.

What it sees
    `update stock`, `PREPARE TRANSACTION`, and then nothing: the coordinator crashed between the two phases. Every
    checkout waits, for pid 0. On SpiceShare it is `update cooks`, and whoever reviews or marks a favourite waits.

Why it matters
    There is no session to end. It survives a restart of the server, and it holds back vacuum too.

What to do
    Name it by its gid and owner. Ask the coordinator what became of it, then COMMIT PREPARED or ROLLBACK PREPARED.

Example
    failonce drill run prepared-transaction --out DIR
"""

from __future__ import annotations

from dataclasses import replace

import psycopg

from failonce.lab.drills import idle_transaction_lock
from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "prepared-transaction"
APPLICATIONS = ("shop", "spiceshare")
SETTINGS = {"max_prepared_transactions": "5"}
TRUTH = Truth(
    cause="prepared-transaction",
    chain=("prepared-transaction", "lock-queue", "slow-responses"),
    ruled_out=("release", "traffic", "network", "host", "missing-index", "unindexed-query", "session-leak"),
    culprit_relation="stock",
)
TRUTHS = {"spiceshare": replace(TRUTH, culprit_relation="cooks")}
_NAME = "restock 2026-17"

prepare = idle_transaction_lock.prepare


def strike(world: World) -> None:
    with psycopg.connect(world.operator_dsn, autocommit=True) as coordinator:
        coordinator.execute("begin")
        coordinator.execute(idle_transaction_lock.CORRECTIONS[world.sample.name].encode())
        coordinator.execute(f"prepare transaction '{_NAME}'".encode())


def relieve(world: World) -> None:
    world.execute(f"rollback prepared '{_NAME}'")
