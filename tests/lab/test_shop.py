"""The shop: its pages, its transactions, and the worlds it can be put into."""

import json
import shutil
import urllib.request
from dataclasses import replace
from itertools import count

import psycopg
import pytest

from failonce.lab.binaries import find_binaries
from failonce.lab.shop import SAMPLE
from failonce.lab.webapp.cache import Cache
from failonce.lab.world import Setup, sample_world
from failonce.model.errors import LabFailed


def older_server():
    try:
        find_binaries(exactly=15)
    except LabFailed:
        return None
    return 15


@pytest.fixture(scope="module")
def shop():
    """On PostgreSQL 15 and through pgbouncer, where they are installed: what runs there runs on less, too."""
    setup = Setup(application="shop", server=older_server(), rhythm="bursty", strength=0.2)
    with sample_world(replace(setup, through_bouncer=shutil.which("pgbouncer") is not None)) as it:
        yield it


def ask(world, target, method="GET"):
    request = urllib.request.Request(f"{world.application.url}{target}", method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def value(world, query):
    with psycopg.connect(world.operator_dsn, autocommit=True) as operator:
        return operator.execute(query).fetchone()[0]


@pytest.mark.acceptance
def test_its_pages_are_served(shop):
    assert ask(shop, "/products/17")["quantity"] > 0
    category = ask(shop, "/categories/3")
    assert len(category["best"]) == 10
    assert len(category["cheapest"]) == 20
    assert ask(shop, "/categories/3")["best"] == category["best"]
    assert len(ask(shop, "/carts/80")) >= 3
    assert ask(shop, "/customers/7/orders")
    assert ask(shop, "/warehouses/3/packing")
    assert ask(shop, "/orders?number=1000017")["id"] == 17
    assert len(ask(shop, "/warehouses/3/movements")) == 50


@pytest.mark.acceptance
def test_a_checkout_takes_stock_and_is_paid(shop):
    shop.set_rate(0)
    bought = ask(shop, "/carts/4711")[0]["product_id"]
    before = value(shop, f"select quantity from stock where product_id = {bought}")
    order = ask(shop, "/carts/4711/checkout?customer=5", "POST")["id"]
    assert value(shop, f"select quantity from stock where product_id = {bought}") < before
    assert value(shop, f"select state from payments where order_id = {order}") == "settled"
    assert value(shop, f"select count(*) from order_items where order_id = {order}") >= 3
    shop.set_rate(shop.rate)


@pytest.mark.acceptance
def test_a_message_leaves_the_queue_and_another_comes(shop):
    assert ask(shop, "/messages/next", "POST")
    assert value(shop, "select count(*) from messages") == 500


@pytest.mark.acceptance
def test_a_harmless_release_comes_and_goes_without_losing_a_request(shop):
    shop.load_summary()
    for release in ("r8", SAMPLE.first_release):
        shop.deploy(release)
        assert ask(shop, "/products/17")["id"] == 17
    assert shop.load_summary().errors == 0


@pytest.mark.acceptance
def test_every_release_serves_what_it_changed(shop):
    """Without visitors: most of these releases are made to fail under them."""
    shop.set_rate(0)
    # Prepared statements do not pass a pgbouncer in transaction mode before its version 1.21.
    plain = [name for name, release in SAMPLE.releases.items() if not release.prepares_statements]
    for release in [*plain, SAMPLE.first_release]:
        shop.deploy(release)
        assert ask(shop, "/categories/9")["cheapest"]
        assert ask(shop, "/warehouses/3/movements")
        assert ask(shop, "/orders?number=1000017")["id"] == 17
        assert ask(shop, "/carts/4713/checkout?customer=5", "POST")["id"]
    shop.set_rate(shop.rate)


@pytest.mark.parametrize(("seconds", "computed"), [(60, [1, 1, 1]), (0, [1, 2, 3])])
def test_what_is_cached_is_computed_once_and_nothing_is_at_zero_seconds(seconds, computed):
    cache, numbers = Cache(seconds), count(1)
    assert [cache.get("key", lambda: next(numbers)) for _ in range(3)] == computed


def test_a_version_that_is_not_there_is_told():
    with pytest.raises(LabFailed, match="PostgreSQL 9"):
        find_binaries(exactly=9)
