"""A test database as every project has one: the schema, and a handful of rows."""

import os
import re
from collections.abc import Iterator

import psycopg
import pytest

from failonce.lab.server import private_server
from failonce.lab.spiceshare import SAMPLE
from failonce.lab.webapp.pool import open_pool
from failonce.lab.webapp.site import Site
from failonce.lab.webapp.third_party import ThirdParty

#: Of production's rows a test needs one in a thousand.
_FEWER = 1000
#: Nobody listens there: a recipe is worth showing without its nutrition.
_NO_NUTRITION = "http://127.0.0.1:9"


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """A private PostgreSQL with SpiceShare's schema in it."""
    with private_server() as server:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            for statement in SAMPLE.schema:
                small = re.sub(r"(?<=generate_series\(\d, )\d+", lambda rows: str(int(rows[0]) // _FEWER), statement)
                connection.execute(small.encode())
            # Fewer cooks have to be enough for all recipes and reviews.
            connection.execute("update recipes set cook_id = 1 + cook_id % 50")
            connection.execute("update reviews set cook_id = 1 + cook_id % 50, recipe_id = 1 + recipe_id % 200")
        yield server.dsn()


@pytest.fixture
def site(database: str) -> Iterator[Site]:
    """SpiceShare, in the release that SPICESHARE_RELEASE names."""
    release = SAMPLE.releases[os.environ.get("SPICESHARE_RELEASE", SAMPLE.first_release)]
    pool = open_pool(database, SAMPLE, release)
    yield Site(SAMPLE, release, pool, ThirdParty(_NO_NUTRITION))
    pool.close()
