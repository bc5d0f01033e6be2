"""A query that everybody runs gets heavy, and a release that has nothing to do with it comes in the same second (002).

What it sees
    A campaign puts a quarter of a million messages into the queue of messages to be sent, which used to hold five
    hundred and has no index for it never needed one. Every look at a customer's orders counts that customer's
    messages, and now reads all of them. In the same second release r8 is deployed; it is innocent.

Why it matters
    The pool is held, pages of all kinds answer 504, and a release has just come: in the seed it was rolled back, and
    half an hour later nothing was better.

What to do
    Name the statement that does more work, and the table that grew. Rule the release out, and say that rolling it
    back will not help. Rule out missing index, statistics, settings, traffic, network and host.

Example
    failonce drill run pool-held-by-slow-query --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "pool-held-by-slow-query"
APPLICATIONS = ("shop",)
TRUTH = Truth(
    cause="heavier-query",
    chain=("bulk-write", "heavier-query", "slow-responses"),
    ruled_out=("release", "traffic", "network", "host", "application", "missing-index", "stale-statistics"),
    culprit_relation="messages",
)
_QUEUED = """
insert into messages (customer_id, state, body)
select 1 + n % 60000, 'queued', repeat('Dear customer, see our offers. ', 40) from generate_series(1, 250000) n
"""


def strike(world: World) -> None:
    world.deploy("r8")
    world.execute(_QUEUED)
    world.execute("analyze messages")


def relieve(world: World) -> None:
    world.execute("truncate messages")
    world.deploy("r7")
