"""Somebody changes what the planner may do, for one report, and not only for their own session.

What it sees
    `enable_nestloop` is set to off for the application's role, because a report was faster without; then the
    application is restarted for another reason. Its new connections have the setting, and the list of orders to be
    packed, four tables joined for twenty rows, reads all of them.

Why it matters
    No code, no schema and no statistics changed. The setting is in no configuration file, and a session of one's own,
    under another role, has the good plan.

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


def strike(world: World) -> None:
    world.execute_as_superuser(f"alter role {world.sample.name} set enable_nestloop = off")
    world.application.restart()


def relieve(world: World) -> None:
    world.execute_as_superuser(f"alter role {world.sample.name} reset enable_nestloop")
    world.application.restart()
