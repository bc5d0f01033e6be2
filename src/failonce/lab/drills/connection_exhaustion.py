"""Connections are opened and never closed until the server takes no more.

What it sees
    Deploys v62 of SpiceShare, which connects for each request and forgets to close. After two seconds all of
    max_connections are taken; from then on every request is told `too many clients already`.

Why it matters
    Nobody gets in any more, the people who want to look least of all. failonce's own connections were opened before.

What to do
    Name whose connections they are and that they are idle; end the idle ones, roll the release back. A higher limit
    lasts two seconds longer.

Example
    failonce drill run connection-exhaustion --out DIR
"""

from __future__ import annotations

import threading
from dataclasses import replace

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "connection-exhaustion"
APPLICATIONS = ("spiceshare", "shop")
TRUTH = Truth(
    cause="connection-exhaustion",
    chain=("release", "connection-exhaustion", "failed-requests"),
    ruled_out=("traffic", "host", "missing-index", "unindexed-query", "blocking-session", "session-leak"),
    culprit_relation=None,
    culprit_application="spiceshare",
    release="v62",
)
_RELEASES = {"spiceshare": "v62", "shop": "r62"}
TRUTHS = {"shop": replace(TRUTH, culprit_application="shop", release=_RELEASES["shop"])}
_EVERY_S = 0.2


def strike(world: World) -> None:
    world.deploy(_RELEASES[world.sample.name])


def relieve(world: World) -> None:
    """Deploy the first release; until it has its connections, end those that nobody closes."""
    is_done = threading.Event()
    threading.Thread(target=_make_room, args=[world, is_done], daemon=True).start()
    try:
        world.deploy(world.sample.first_release)
    finally:
        is_done.set()


def _make_room(world: World, is_done: threading.Event) -> None:
    while not is_done.wait(_EVERY_S):
        world.execute_as_superuser(
            f"select pg_terminate_backend(pid) from pg_stat_activity where application_name = '{world.sample.name}'"
            " and state = 'idle' and state_change < now() - interval '1 second'"
        )
