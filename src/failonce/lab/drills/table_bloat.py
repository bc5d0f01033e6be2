"""A small table is full of dead rows.

What it sees
    An import of a quarter of a million messages fails and is rolled back. What it wrote is dead but still there, and
    the table's owner had switched autovacuum off for it. Five hundred messages live in it; to count some of them
    means to read all of the dead.

Why it matters
    Nothing changed: no release, no schema, no setting, no more rows than before. The statement is an old one, its
    plan is the old one, and it takes a thousand times as long.

What to do
    Name the dead rows, from those the server counts against those that live. Vacuum the table. Rule out release,
    missing index, statistics, settings, traffic, network and host.

Example
    failonce drill run table-bloat --out DIR
"""

from __future__ import annotations

import psycopg

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "table-bloat"
APPLICATIONS = ("shop",)
TRUTH = Truth(
    cause="table-bloat",
    chain=("table-bloat", "slow-responses"),
    ruled_out=("release", "traffic", "network", "host", "application", "missing-index", "stale-statistics"),
    culprit_relation="messages",
)
_IMPORT = """
insert into messages (customer_id, state, body)
select 1 + n % 60000, 'queued', repeat('Dear customer, see our offers. ', 40) from generate_series(1, 250000) n
"""


def strike(world: World) -> None:
    world.execute("alter table messages set (autovacuum_enabled = off)")
    with psycopg.connect(world.operator_dsn) as session:
        session.execute(_IMPORT)
        session.rollback()


def relieve(world: World) -> None:
    world.execute("alter table messages reset (autovacuum_enabled)")
    world.execute("vacuum messages")
