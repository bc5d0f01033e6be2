"""One SpiceShare for all acceptance tests of the lab; a test leaves it as it found it."""

import pytest

from failonce.lab.world import sample_world


@pytest.fixture(scope="session")
def world():
    with sample_world() as world:
        yield world
