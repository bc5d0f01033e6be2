"""The store on both databases: every test that asks for `book` runs on SQLite and on a real PostgreSQL."""

import shutil

import psycopg
import pytest

from failonce.store.book import Book
from failonce.store.tables import metadata
from fix_postgres import url_of


@pytest.fixture(scope="session")
def shelf(postgres):
    """The URL of a database with a book in it, for one test after the other."""
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute("create database shelf")
    url = url_of(postgres.dsn(dbname="shelf"))
    Book.open(url).close()
    return url, postgres.dsn(dbname="shelf")


@pytest.fixture
def postgres_url(shelf):
    """The URL of an empty book on PostgreSQL."""
    url, dsn = shelf
    yield url
    with psycopg.connect(dsn, autocommit=True) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(f"delete from {table.name}")


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory):
    """An empty book, to be copied."""
    path = tmp_path_factory.mktemp("book") / "failonce.db"
    Book.open(path).close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def book_url(request, tmp_path):
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_url")
    return str(shutil.copy(request.getfixturevalue("empty_file"), tmp_path / "failonce.db"))


@pytest.fixture
def book(book_url):
    with Book.open(book_url) as book:
        yield book


@pytest.fixture
def database_url(database):
    """The URL, as the driver wants it, of a database without any table."""
    return url_of(database).replace("postgresql://", "postgresql+psycopg://")
