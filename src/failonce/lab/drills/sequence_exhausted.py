"""The sequence behind a key has given its last number.

What it sees
    Every new review is refused: `nextval: reached maximum value of sequence "reviews_id_seq"`. The page for writing
    one answers 500, all others are as fast as ever; the processors, the pool and every statement look healthy.

Why it matters
    Nothing is slow, so nobody looks at the database. The statistics views do not know refused statements at all; only
    the server's log says what is wrong, and it says it in so many words.

What to do
    Name the sequence. Give it more numbers: raise its maximum, and make the key a bigint if that is what ended. Rule
    out release, traffic, network, host, and every query as such.

Example
    failonce drill run sequence-exhausted --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "sequence-exhausted"
TRUTH = Truth(
    cause="sequence-exhausted",
    chain=("sequence-exhausted", "refused-statements", "failed-requests"),
    ruled_out=("release", "traffic", "host", "missing-index", "unindexed-query", "blocking-session"),
    culprit_relation="reviews",
)


def strike(world: World) -> None:
    # As if this were the end of an integer: a few numbers are left.
    world.execute(
        "do $$ begin execute format('alter sequence reviews_id_seq maxvalue %s',"
        " (select last_value + 5 from reviews_id_seq)); end $$"
    )


def relieve(world: World) -> None:
    world.execute("alter sequence reviews_id_seq no maxvalue")
