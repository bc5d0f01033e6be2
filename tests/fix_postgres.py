"""A private PostgreSQL for the whole session, and a fresh database on it for each test that wants one."""

from collections.abc import Iterator
from itertools import count

import psycopg
import pytest

from failonce.lab.server import PrivateServer, private_server

_NUMBER = count(1)


def url_of(dsn: str) -> str:
    """A store's URL from a libpq DSN."""
    told = psycopg.conninfo.conninfo_to_dict(dsn)
    password = f":{told['password']}" if told.get("password") else ""
    return f"postgresql://{told['user']}{password}@/{told['dbname']}?host={told['host']}&port={told.get('port', 5432)}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivateServer]:
    """A running server: `postgres.dsn()` is its superuser's, with pg_stat_statements installed in every database."""
    with private_server(settings={"max_connections": "50", "max_prepared_transactions": "2"}) as server:
        with psycopg.connect(server.dsn(dbname="template1"), autocommit=True) as connection:
            connection.execute("create extension pg_stat_statements")
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("create extension pg_stat_statements")
        yield server


@pytest.fixture
def database(postgres: PrivateServer) -> Iterator[str]:
    """The superuser's DSN of a database of one's own; it is dropped afterwards."""
    name = f"test_{next(_NUMBER)}"
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute(f"create database {name}")
    yield postgres.dsn(dbname=name)
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")
