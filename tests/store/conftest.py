"""The store on both databases: every test that asks for `book` runs on SQLite and on a real PostgreSQL."""

from itertools import count

import psycopg
import pytest

from failonce.store.book import Book

_NUMBER = count(1)


def url_of(dsn):
    """A store's URL from a libpq DSN."""
    told = psycopg.conninfo.conninfo_to_dict(dsn)
    password = f":{told['password']}" if told.get("password") else ""
    return f"postgresql://{told['user']}{password}@/{told['dbname']}?host={told['host']}&port={told.get('port', 5432)}"


@pytest.fixture(scope="session")
def shelf_template(postgres):
    """A database with an empty book in it, to be copied."""
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute("create database book_template")
    Book.open(url_of(postgres.dsn(dbname="book_template"))).close()
    return "book_template"


@pytest.fixture
def postgres_url(postgres, shelf_template):
    """The URL of an empty book on PostgreSQL."""
    name = f"book_{next(_NUMBER)}"
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute(f"create database {name} template {shelf_template}")
        yield url_of(postgres.dsn(dbname=name))
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture(params=["sqlite", "postgresql"])
def book_url(request, tmp_path):
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_url")
    return str(tmp_path / "failonce.db")


@pytest.fixture
def book(book_url):
    with Book.open(book_url) as book:
        yield book


@pytest.fixture
def database_url(database):
    """The URL, as the driver wants it, of a database without any table."""
    return url_of(database).replace("postgresql://", "postgresql+psycopg://")
