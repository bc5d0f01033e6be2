"""DDL on trial: run on the twin in a transaction that is rolled back, with sizes as production would have them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from failonce.lab.server import PrivateServer
from failonce.lab.twin import btree, build, new_index, sparse, statistics
from failonce.lab.twin.session import Session, connect
from failonce.lab.unprivileged import server_identity
from failonce.model.blueprint import Blueprint, RelationSize
from failonce.model.errors import CannotPlan

_CONCURRENTLY = re.compile(r"\bconcurrently\s+", re.IGNORECASE)
_INDEXES = """
select c.oid::int8, n.nspname, c.relname, m.amname from pg_class c join pg_namespace n on n.oid = c.relnamespace
  join pg_am m on m.oid = c.relam where c.relkind = 'i' and c.oid >= 16384
"""


@contextmanager
def trial(server: PrivateServer, password: str, blueprint: Blueprint, ddl: Sequence[str]) -> Iterator[Session]:
    """Open a session in which this DDL has been run; nothing of it stays."""
    session = connect(server, password, blueprint)
    with session.connection as connection, connection.transaction(force_rollback=True):
        run(server, connection, blueprint, lambda: execute(connection, ddl))
        yield session


def run(
    server: PrivateServer, connection: psycopg.Connection[Any], blueprint: Blueprint, change: Callable[[], None]
) -> None:
    """Change the schema in the current transaction and give what is new or rewritten its size."""
    before = build.names(connection)
    heaps = _files(server, before, [r for r in blueprint.relations if r.kind in "rm"])
    with sparse.emptied(heaps, server_identity()):
        change()
        connection.execute("set constraints all immediate")
    after = build.names(connection)
    # CREATE INDEX counted the rows of the empty table: say production's again.
    statistics.set_relations(connection, [r for r in blueprint.relations if (r.schema, r.name) in after])
    rewritten = [r for r in blueprint.relations if _moved(r, before, after)]
    build.size(server, after, rewritten, blueprint)
    _size_new(server, connection, after, set(before))


def _size_new(
    server: PrivateServer, connection: psycopg.Connection[Any], files: build.Names, known: set[tuple[str, str]]
) -> None:
    """Give new indexes the size they would have on production's rows."""
    owner = server_identity()
    sized: list[RelationSize] = []
    for oid, schema, name, method in connection.execute(_INDEXES).fetchall():
        if (schema, name) in known:
            continue
        relation, width = new_index.size(connection, oid)
        path = build.file_of(server, files, relation)
        assert path is not None
        if method == "btree" and (height := btree.levels(relation.pages, width)):
            btree.raise_to(path, height)
        sparse.grow(path, relation.bytes or 0, owner)
        sized.append(relation)
    statistics.set_relations(connection, sized)


def in_transaction(statement: str) -> str:
    """Return DDL as it can run inside a transaction, where nobody else is to be spared.

    >>> in_transaction("CREATE INDEX CONCURRENTLY i ON t (a)")
    'CREATE INDEX i ON t (a)'
    """
    return _CONCURRENTLY.sub("", statement)


def execute(connection: psycopg.Connection[Any], ddl: Sequence[str]) -> None:
    """Run DDL in the current transaction. Raises CannotPlan."""
    for statement in ddl:
        try:
            with connection.transaction():
                # The extended protocol: one statement.
                connection.execute(in_transaction(statement).encode(), binary=True)
        except psycopg.Error as refused:
            raise CannotPlan(
                f"PostgreSQL refuses this: {refused.diag.message_primary}: {statement}",
                hint="check its columns and operator class, and that it is one statement",
            ) from refused


def _files(server: PrivateServer, files: build.Names, relations: Sequence[RelationSize]) -> dict[Path, int]:
    found = {build.file_of(server, files, r): r.bytes or 0 for r in relations}
    return {path: size for path, size in found.items() if path is not None}


def _moved(relation: RelationSize, before: build.Names, after: build.Names) -> bool:
    key = (relation.schema, relation.name)
    return key in after and before.get(key) != after[key]
