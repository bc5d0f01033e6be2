"""A release without a pool opens a connection for every request.

What it sees
    Deploys v61 of SpiceShare, which connects for each request and closes again. The server starts a process each time,
    checks a password and reads the catalog with empty caches. The statements themselves are as they were.

Why it matters
    The work of connecting is in no statement's statistics. The processors are busy with nothing anybody asked for, and
    the queries look slow.

What to do
    Name the connections opened per second and whose they are; roll back, or put a pooler in between. Blame no query.

Example
    failonce drill run connection-storm --out DIR
"""

from __future__ import annotations

from dataclasses import replace

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "connection-storm"
APPLICATIONS = ("spiceshare", "shop")
TRUTH = Truth(
    cause="connection-storm",
    chain=("release", "connection-storm", "slow-responses"),
    ruled_out=("traffic", "network", "missing-index", "unindexed-query", "blocking-session", "session-leak"),
    culprit_relation=None,
    culprit_application="spiceshare",
    release="v61",
)
_RELEASES = {"spiceshare": "v61", "shop": "r61"}
TRUTHS = {"shop": replace(TRUTH, culprit_application="shop", release=_RELEASES["shop"])}


def strike(world: World) -> None:
    world.deploy(_RELEASES[world.sample.name])


def relieve(world: World) -> None:
    world.deploy(world.sample.first_release)
