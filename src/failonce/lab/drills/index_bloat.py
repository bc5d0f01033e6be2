"""An import is taken back and vacuumed away, an index keeps its pages, and somebody comes to read them.

What it sees
    Each product page counts the vouchers of the running campaign: 120,000 short codes, side by side in an index. The
    next campaign has as many. A partner's eighty thousand are imported beside those, signed ones, each as long as a
    page of print. The last one is refused, the import is rolled back, and the table is vacuumed and analyzed, as it
    should be. But the signed codes lay all over the short ones, and an index page with a single entry left stays.
    The next campaign begins: the same count, of as many vouchers, walks forty times the pages.

Why it matters
    Everybody who looks finds all in order: no dead rows, no more rows, the same plan, fresh statistics, every index
    there. Vacuum has done what it can. Only the index is some thirty times as large as what is in it.

What to do
    Name the index, with its size for the same entries then and now. Build it anew, concurrently. Rule out dead rows,
    statistics, a missing index, release, traffic, network and host.

Example
    failonce drill run index-bloat --out DIR
"""

from __future__ import annotations

import psycopg

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "index-bloat"
APPLICATIONS = ("shop",)
# As for disks without an arm; and an application of small statements, none of which gets helpers.
SETTINGS = {"random_page_cost": "1.1", "max_parallel_workers_per_gather": "0"}
TRUTH = Truth(
    cause="index-bloat",
    chain=("bulk-write", "index-bloat", "slow-responses"),
    ruled_out=("release", "traffic", "network", "host", "application", "missing-index", "table-bloat"),
    culprit_relation="vouchers",
)
_LAST = 270_000
#: Of three campaigns; the terms make the table far larger than what is counted in.
_VOUCHERS = f"""
create unlogged table vouchers as
select n::bigint as id, (1 + (n - 1) / 120000)::smallint as campaign, md5(n::text) as code,
       repeat('One for each customer. ', 20) as terms
from generate_series(1, {_LAST}) n
"""
#: Random to the last character, so that nothing is saved by compression: four to an index page.
_SIGNED = " || ".join(f"encode(sha512((n || '.{part}')::bytea), 'hex')" for part in range(14))
#: What the partner sent, as it was read from a file.
_SENT = f"create unlogged table sent as select {_SIGNED} as code from generate_series(1, 80000) n order by 1"
_IMPORT = f"insert into vouchers select {_LAST} + row_number() over (), 2, code, '' from sent"
_NEXT = "update campaigns set runs = not runs where id in (1, 2)"


def prepare(world: World) -> None:
    world.execute("create table campaigns as select n::smallint as id, n = 1 as runs from generate_series(1, 3) n")
    world.execute(_VOUCHERS)
    world.execute("alter table vouchers add primary key (id)")
    world.execute("create index vouchers_campaign_code on vouchers (campaign, code)")
    world.execute(_SENT)
    world.execute(f"grant select on vouchers, campaigns to {world.sample.name}")
    world.execute("vacuum (analyze) vouchers, sent, campaigns")
    world.deploy("r17")


def strike(world: World) -> None:
    with psycopg.connect(world.operator_dsn) as session:
        session.execute(_IMPORT)
        session.rollback()
    # To give the end of the table back would take a lock that its readers never leave to anybody.
    world.execute("vacuum (analyze, truncate off) vouchers")
    world.execute(_NEXT)


def relieve(world: World) -> None:
    world.execute("reindex index concurrently vouchers_campaign_code")
