"""`SELECT FOR UPDATE` on a row that everybody needs, as frameworks write it: read, work, write back.

What it sees
    The payment service takes 0.6 s, as it always did. Deploys r41 of the shop: a framework locks the counter of sales
    with `select ... for update`, lets checkout do all its work and pay, and adds one at the end.

Why it matters
    The statement that hangs is a select by primary key. Whoever tunes it tunes a victim; whoever ends the session at
    the head of the queue ends an innocent one.

What to do
    Name the locking select and its release. Lock last, or add one in a single update; for queues, SKIP LOCKED.

Example
    failonce drill run for-update-queue --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "for-update-queue"
APPLICATIONS = ("shop",)
TRUTH = Truth(
    cause="hot-row",
    chain=("release", "hot-row", "lock-queue", "pool-exhaustion", "pool-waiting"),
    ruled_out=("traffic", "network", "host", "missing-index", "unindexed-query", "blocking-session", "session-leak"),
    culprit_relation="counters",
    release="r41",
)
_PAYMENT_S = 0.6


def prepare(world: World) -> None:
    world.dependency.delay_s = _PAYMENT_S


def strike(world: World) -> None:
    world.deploy("r41")


def relieve(world: World) -> None:
    world.deploy(world.sample.first_release)
