"""Reading and writing the store: each use is one transaction, and writers come one after another on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from failonce.store.database import translated

#: The lock that makes PostgreSQL's writers queue as SQLite's do; any number that is always the same.
_WRITERS = 0x6661696C


class Transactions:
    """The way to the database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that only reads: it waits for nobody."""
        with translated(self.engine.url), self.engine.execution_options(reading=True).begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that is the only writer until it ends; what it returned from is on disk."""
        with translated(self.engine.url), self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS})")
            yield connection
