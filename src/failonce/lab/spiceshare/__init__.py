"""SpiceShare, a sample application: a small recipe-sharing API on PostgreSQL, with its schema and its releases."""

from failonce.lab.spiceshare.pages import PAGES
from failonce.lab.spiceshare.releases import RELEASES
from failonce.lab.spiceshare.visits import choose
from failonce.lab.webapp.sample import Sample

SAMPLE = Sample(
    name="spiceshare",
    title="SpiceShare",
    pages=PAGES,
    releases=RELEASES,
    choose=choose,
    rate=50.0,
    pool_size=10,
    pool_timeout_s=2.0,
)
