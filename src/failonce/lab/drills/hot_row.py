"""One row that every checkout updates, and holds while it waits for the payment service.

What it sees
    The payment service takes 0.6 s, as it always did. Deploys r40 of the shop: order numbers without gaps. Checkout
    now takes its number from one row of counters, first of all, and pays before it commits. The row is held for 0.6 s,
    three times a second: more than there are seconds. On SpiceShare, v48 tallies all activity in one row by an upsert,
    and has it weighed before it commits.

Why it matters
    The update takes a tenth of a millisecond and is blamed by nobody; each session at the head of the queue is another
    one, and none of them is old. Ending it lets the next one in.

What to do
    Name the row's table and the release. Take the number last, pay outside, or allow gaps. Rule out one blocking
    session, a leak and missing indexes.

Example
    failonce drill run hot-row --out DIR
"""

from __future__ import annotations

from dataclasses import replace

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "hot-row"
APPLICATIONS = ("shop", "spiceshare")
TRUTH = Truth(
    cause="hot-row",
    chain=("release", "hot-row", "lock-queue", "pool-exhaustion", "pool-waiting"),
    ruled_out=("traffic", "network", "host", "missing-index", "unindexed-query", "blocking-session", "session-leak"),
    culprit_relation="counters",
    release="r40",
)
_RELEASES = {"shop": "r40", "spiceshare": "v48"}
TRUTHS = {"spiceshare": replace(TRUTH, culprit_relation="tallies", release=_RELEASES["spiceshare"])}
#: What the payment service takes, or the nutrition service.
_SERVICE_S = 0.6


def prepare(world: World) -> None:
    world.dependency.delay_s = _SERVICE_S


def strike(world: World) -> None:
    world.deploy(_RELEASES[world.sample.name])


def relieve(world: World) -> None:
    world.deploy(world.sample.first_release)
