"""Autovacuum catches up with months of dead rows in the middle of the day: a decoy, no query is to blame.

What it sees
    Autovacuum had been off for three large tables, and is turned on again without a cost limit and with hardly any
    memory for dead rows: three workers read the tables and go over their indexes many times. They take both cores and
    every statement takes longer, each doing the same work as ever.

Why it matters
    The workers are no client's sessions and stand in no list of slow queries. Whoever tunes the statement on top of
    that list has fixed nothing.

What to do
    Name the vacuums and their tables. Put the cost limit back and give them memory: they take longer and hurt nobody.
    Rule out release, traffic and network; blame no query.

Example
    failonce drill run vacuum-storm --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "vacuum-storm"
TRUTH = Truth(
    cause="maintenance",
    chain=("maintenance", "slow-responses"),
    ruled_out=("release", "traffic", "blocking-session", "missing-index", "unindexed-query"),
    culprit_relation=None,
)
SETTINGS = {"autovacuum_work_mem": "64kB", "autovacuum_naptime": "1s"}
_TABLES = {"reviews": "rating = rating", "favourites": "since = since", "recipes": "minutes = minutes"}


def prepare(world: World) -> None:
    for table, change in _TABLES.items():
        world.execute(f"alter table {table} set (autovacuum_enabled = off)")
        for _ in range(2):
            world.execute(f"update {table} set {change}")
    world.execute_as_superuser("checkpoint")


def strike(world: World) -> None:
    for table in _TABLES:
        world.execute(f"alter table {table} set (autovacuum_enabled = on, autovacuum_vacuum_cost_delay = 0)")


def relieve(world: World) -> None:
    for table in _TABLES:
        world.execute(f"alter table {table} set (autovacuum_enabled = off)")
    world.execute_as_superuser(
        "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'autovacuum worker'"
    )
