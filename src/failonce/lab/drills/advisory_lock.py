"""A job holds an advisory lock and forgot it: its session is idle, and everybody waits.

What it sees
    The shop lets one checkout in at a time, under an advisory lock. The nightly count takes the same lock for its
    session, is done with its work and keeps the connection: idle, in no transaction, with nothing open.

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
APPLICATIONS = ("shop",)
_JOB = "nightly count"
TRUTH = Truth(
    cause="blocking-session",
    chain=("blocking-session", "lock-queue", "slow-responses"),
    ruled_out=("release", "traffic", "network", "host", "missing-index", "unindexed-query", "session-leak"),
    culprit_relation=None,
    culprit_application=_JOB,
)


def prepare(world: World) -> None:
    world.deploy("r44")


def strike(world: World) -> None:
    hold(world, _JOB, "select pg_advisory_lock(4711)", in_transaction=False)


def relieve(world: World) -> None:
    end(world, _JOB)
