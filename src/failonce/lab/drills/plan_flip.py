"""Somebody changes what the planner may do, for a test, and not only for their own session.

What it sees
    `enable_indexscan` and its sisters are set to off for the application's role, to compare two plans; then the
    application is restarted for another reason. Its new connections have the setting, and every statement reads whole
    tables.

Why it matters
    No code, no schema and no statistics changed. The setting is in no configuration file, and a session of one's own,
    under another role, has good plans.

What to do
    Name the setting, for whom it holds and since when. Set it back. Rule out release, missing index, statistics,
    traffic, network and host.

Example
    failonce drill run plan-flip --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "plan-flip"
APPLICATIONS = ("shop",)
TRUTH = Truth(
    cause="plan-flip",
    chain=("setting-changed", "plan-flip", "slow-responses"),
    ruled_out=("release", "traffic", "network", "host", "application", "missing-index", "stale-statistics"),
    culprit_relation="order_items",
)
_SETTINGS = ("enable_indexscan", "enable_indexonlyscan", "enable_bitmapscan")


def strike(world: World) -> None:
    for name in _SETTINGS:
        world.execute_as_superuser(f"alter role {world.sample.name} set {name} = off")
    world.application.restart()


def relieve(world: World) -> None:
    for name in _SETTINGS:
        world.execute_as_superuser(f"alter role {world.sample.name} reset {name}")
    world.application.restart()
