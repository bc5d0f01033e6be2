"""A job holds an advisory lock and forgot it: its session is idle, and everybody waits.

What it sees
    The shop lets one checkout in at a time, under an advisory lock; SpiceShare, one review or favourite. The nightly
    count takes the same lock for its session, is done with its work and keeps the connection: idle, in no transaction,
    with nothing open.

Why it matters
    Whoever looks for long statements or open transactions finds none. An advisory lock of a session outlives both.

What to do
    Name the idle session that holds it. End it; let jobs take such locks for a transaction only.

Example
    failonce drill run advisory-lock --out DIR
"""

from __future__ import annotations

from failonce.lab.holder import end, hold
from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "advisory-lock"
APPLICATIONS = ("shop", "spiceshare")
_JOB = "nightly count"
#: Of each application, the release that lets one in at a time, and the lock that it takes for that.
_RELEASES = {"shop": "r44", "spiceshare": "v52"}
_LOCKS = {"shop": "4711", "spiceshare": "7, 1"}
TRUTH = Truth(
    cause="blocking-session",
    chain=("blocking-session", "lock-queue", "slow-responses"),
    ruled_out=("release", "traffic", "network", "host", "missing-index", "unindexed-query", "session-leak"),
    culprit_relation=None,
    culprit_application=_JOB,
)


def prepare(world: World) -> None:
    world.deploy(_RELEASES[world.sample.name])


def strike(world: World) -> None:
    hold(world, _JOB, f"select pg_advisory_lock({_LOCKS[world.sample.name]})", in_transaction=False)


def relieve(world: World) -> None:
    end(world, _JOB)
