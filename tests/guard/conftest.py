"""One shop and one twin of it for the whole session."""

from collections.abc import Iterator

import pytest

from failonce.lab.server import PrivateServer
from failonce.lab.twin import twin
from guard_shop import RELATIONS, fresh_shop


@pytest.fixture(scope="session")
def shop(postgres: PrivateServer) -> Iterator[str]:
    """The DSN of a database with the shop in it."""
    with fresh_shop(postgres, "guarded_shop") as dsn:
        yield dsn


@pytest.fixture(scope="session")
def running_twin(shop: str):
    """A running twin of the shop."""
    with twin(shop, RELATIONS) as running:
        yield running
