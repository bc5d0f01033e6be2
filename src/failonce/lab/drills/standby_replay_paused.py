"""Replay is paused on the standby that every commit waits for: a decoy, no query is to blame.

What it sees
    Commits wait until the standby has replayed them (`synchronous_commit = remote_apply`), so that whoever reads there
    sees what they wrote. For a dump that is all of one moment somebody pauses its replay. It goes on receiving, and
    no commit comes back: within seconds all connections are held by visitors whose favourite is long written.

Why it matters
    The standby is up, connected and streaming, its network and its disk are fine, nothing is missing on it. On the
    primary no lock is held and no statement is slow.

What to do
    Name the standby, and that it replays nothing of what it has. Resume replay there; until then let commits wait for
    its disk alone. Rule out release, traffic, locks, a leak and every query.

Example
    failonce drill run standby-replay-paused --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "standby-replay-paused"
TRUTH = Truth(
    cause="synchronous-standby",
    chain=("synchronous-standby", "pool-exhaustion", "pool-waiting"),
    ruled_out=("release", "traffic", "host", "blocking-session", "session-leak", "missing-index", "unindexed-query"),
    culprit_relation=None,
)
SETTINGS = {"synchronous_commit": "remote_apply"}
_NAME = "reports"


def prepare(world: World) -> None:
    world.make_durable("favourites")
    world.standby.begin(_NAME)
    world.execute_as_superuser(f"alter system set synchronous_standby_names = '{_NAME}'")
    world.execute_as_superuser("select pg_reload_conf()")


def strike(world: World) -> None:
    world.standby.execute_as_superuser("select pg_wal_replay_pause()")


def relieve(world: World) -> None:
    world.standby.execute_as_superuser("select pg_wal_replay_resume()")
