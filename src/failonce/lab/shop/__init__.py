"""The shop, a sample application: products, carts, a checkout in transactions, payments and warehouses."""

from failonce.lab.shop import checkout, pages
from failonce.lab.shop.releases import RELEASES
from failonce.lab.shop.visits import choose
from failonce.lab.webapp.sample import Sample

SAMPLE = Sample(
    name="shop",
    title="The shop",
    pages=(*pages.PAGES, *checkout.PAGES),
    releases=RELEASES,
    choose=choose,
    rate=120.0,
    pool_size=20,
    pool_timeout_s=3.0,
    cached_s=300.0,
    warm_up=tuple(f"/categories/{number}" for number in range(1, 11)),
    # Its database people want to know what planning costs, too.
    settings={"pg_stat_statements.track_planning": "on"},
)
