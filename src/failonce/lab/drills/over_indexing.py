"""A migration gives a busy table an index for every question that anybody might ask.

What it sees
    The shop notes down what was shown beside each product: three hundred short rows a visit, written in a few
    milliseconds. Marketing wants to search in these rows. A migration empties the table into the archive and gives it
    sixteen indexes: full text in six languages, trigrams, every column and some combinations. Each row is now written
    seventeen times, and the product page takes many times as long.

Why it matters
    No query became slow, every plan is good, and more indexes are what one expects to help. It is writing that pays,
    on each row, for questions that nobody has asked yet.

What to do
    Name the table and its new indexes, with what a write touches now and before. Drop those that no scan ever used.
    Rule out release, traffic, network, host, a missing index and a lock.

Example
    failonce drill run over-indexing --out DIR
"""

from __future__ import annotations

import psycopg

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "over-indexing"
APPLICATIONS = ("shop",)
TRUTH = Truth(
    cause="over-indexing",
    chain=("indexes-added", "over-indexing", "slow-responses"),
    ruled_out=("release", "traffic", "network", "host", "application", "missing-index", "blocking-session"),
    culprit_relation="cart_events",
)
_LANGUAGES = ("english", "german", "french", "spanish", "italian", "portuguese")
_COLUMNS = {
    "cart_id": "(cart_id)",
    "cart_id_kind": "(cart_id, kind)",
    "kind": "(kind)",
    "kind_cart_id": "(kind, cart_id)",
    "kind_id": "(kind, id desc)",
    "details": "(details)",
    "details_lower": "(lower(details))",
    "details_upper": "(upper(details))",
    "details_md5": "(md5(details))",
    "trigrams": "using gin (details gin_trgm_ops)",
}
# What is written must be found at once: no list of entries that are still to be sorted in.
_SEARCH = {
    f"search_{language}": f"using gin (to_tsvector('{language}', details)) with (fastupdate = off)"
    for language in _LANGUAGES
}
_INDEXES = {f"cart_events_{name}": on for name, on in {**_COLUMNS, **_SEARCH}.items()}


def prepare(world: World) -> None:
    world.make_durable("carts", "cart_events")
    world.execute_as_superuser("create extension pg_trgm")
    world.deploy("r16")


def strike(world: World) -> None:
    with psycopg.connect(world.operator_dsn) as migration:
        migration.execute("truncate cart_events")
        for name, on in _INDEXES.items():
            migration.execute(f"create index {name} on cart_events {on}".encode())


def relieve(world: World) -> None:
    world.execute(f"drop index {', '.join(_INDEXES)}")
