"""Somebody gives the server 128 blocks of shared buffers, and meant 128 MB: a decoy, no query is to blame.

What it sees
    `shared_buffers = 128`, and the restart that it takes: without a unit it is blocks of 8 kB. For three seconds there
    is no server, and every connection breaks. From then on hardly a block is found in the buffers: each is copied from
    the operating system's cache, 700 MB a second, to be thrown out by the next one.

Why it matters
    The disk is idle, for the operating system has it all; plans, blocks per call and traffic are as they were. The
    slowest statements are those that were the largest before, and after a restart everybody expects a cold cache, which
    warms. This one never does.

What to do
    Name the setting, with what is read from outside and how often each buffer was replaced since: a cold cache is
    filled once. Set it back, and restart. Rule out release, traffic, network, host, and every query.

Example
    failonce drill run shared-buffers-tiny --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "shared-buffers-tiny"
TRUTH = Truth(
    cause="buffers-too-small",
    chain=("setting-changed", "buffers-too-small", "server-restart", "slow-responses"),
    ruled_out=("release", "traffic", "network", "host", "missing-index", "plan-flip", "blocking-session"),
    culprit_relation=None,
    # It takes a restart, which breaks every connection: users meet both.
    also=("server-restart",),
)
_DOWN_S = 3.0


def strike(world: World) -> None:
    world.execute_as_superuser("alter system set shared_buffers = 128")
    world.server.restart(down_s=_DOWN_S)


def relieve(world: World) -> None:
    world.execute_as_superuser("alter system reset shared_buffers")
    world.server.restart()
