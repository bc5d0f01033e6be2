"""A watcher with pg_monitor and no more, and observers that are closed again."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from failonce.lab.server import PrivateServer
from failonce.model.target import Target
from failonce.observe.observer import Observer

Observe = Callable[..., Observer]


@pytest.fixture(scope="session")
def roles(postgres: PrivateServer) -> None:
    """`watcher` is a member of pg_monitor, `outsider` and `canary` of nothing."""
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute("create role watcher login password 'watch' in role pg_monitor")
        connection.execute("create role outsider login password 'outside'")
        connection.execute("create role canary")


@pytest.fixture
def watcher(database: str, roles: None) -> str:
    """The watcher's DSN of the test's database."""
    return make_conninfo(database, user="watcher", password="watch")


@pytest.fixture
def observe(watcher: str) -> Iterator[Observe]:
    """Make an observer of the test's database; keyword arguments are the Target's and the Observer's."""
    opened: list[Observer] = []

    def make(*, period_s: float = 1.0, announced=None, **target: object) -> Observer:
        observer = Observer(replace(Target("test", watcher), **target), period_s=period_s, announced=announced)
        opened.append(observer)
        return observer

    yield make
    for observer in opened:
        observer.close()


@pytest.fixture
def sql(database: str) -> Iterator[psycopg.Connection]:
    """The superuser, who is not watched for what it does but does things to watch."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection
