"""Reports sort more than their memory holds, and write it all to disk.

What it sees
    Three sessions of a reporting tool sort and rank two hundred thousand reviews by their text, again and again. With
    the work_mem there is, each sort spills tens of megabytes to temporary files. Both cores are busy with it, and
    every page is slow.

Why it matters
    The statement uses the right index and reads no more than it must, so its plan looks fine. What it costs is the
    sort.

What to do
    Name the statement and what it writes. Give that role more work_mem, or let the report run on a replica or at
    night. Rule out release, traffic, network, a missing index and every other query.

Example
    failonce drill run temp-file-storm --out DIR
"""

from __future__ import annotations

from failonce.lab import errands
from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "temp-file-storm"
TRUTH = Truth(
    cause="temp-files",
    chain=("temp-files", "slow-responses"),
    ruled_out=("release", "traffic", "network", "host", "application", "blocking-session"),
    culprit_relation="reviews",
)
_NAME = "reporting"
_REPORT = """
select count(*) from (
  select r.id, rank() over (partition by r.rating order by r.comment, r.created_at) as place
  from reviews r where r.id between 400000 and 600000) as ranked
where ranked.place <= 10
"""


def strike(world: World) -> None:
    errands.begin(world, _NAME, _REPORT, sessions=3)


def relieve(world: World) -> None:
    errands.end(world, _NAME)
