"""`SELECT FOR UPDATE` on a row that everybody needs, as frameworks write it: read, work, write back.

What it sees
    The payment service takes 0.6 s, as it always did. Deploys r41 of the shop: a framework locks the counter of sales
    with `select ... for update`, lets checkout do all its work and pay, and adds one at the end. On SpiceShare, v49
    does so with the tally of activity.

Why it matters
    The statement that hangs is a select by primary key. Whoever tunes it tunes a victim; whoever ends the session at
    the head of the queue ends an innocent one.

What to do
    Name the locking select and its release. Lock last, or add one in a single update; for queues, SKIP LOCKED.

Example
    failonce drill run for-update-queue --out DIR
"""

from __future__ import annotations

from dataclasses import replace

from failonce.lab.drills import hot_row
from failonce.lab.world import World

ID = "for-update-queue"
APPLICATIONS = hot_row.APPLICATIONS
#: The same queue for the same row, by another release's hand.
_RELEASES = {"shop": "r41", "spiceshare": "v49"}
TRUTH = replace(hot_row.TRUTH, release=_RELEASES["shop"])
TRUTHS = {"spiceshare": replace(hot_row.TRUTHS["spiceshare"], release=_RELEASES["spiceshare"])}

prepare, relieve = hot_row.prepare, hot_row.relieve


def strike(world: World) -> None:
    world.deploy(_RELEASES[world.sample.name])
