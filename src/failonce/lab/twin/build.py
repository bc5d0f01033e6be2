"""From a blueprint to a database: create its objects, say its statistics, give its files their size.

A blueprint may come from a file that anybody wrote: its statements run under a role that owns the twin and may nothing
else, neither read a file of this machine nor start a program. What cannot be created is a Gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from failonce.lab.server import PrivateServer
from failonce.lab.twin import btree, extended, sparse, statistics
from failonce.lab.unprivileged import server_identity
from failonce.model.blueprint import Blueprint, IndexDefinition, RelationSize, SchemaObject
from failonce.model.snapshot import Gap

#: The role the twin belongs to.
OWNER = "twin"
_HAVE_FILES = frozenset("rmi")
_FILES = """
select n.nspname, c.relname, pg_relation_filepath(c.oid)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid >= 16384
"""
# Nobody makes databases from the templates here, and two thirds of the cluster are theirs.
_MAKE_SMALL = (
    "update pg_database set datistemplate = false where datname like 'template_'",
    "drop database template0",
    "drop database template1",
    "checkpoint",
)
# Made by the superuser, for weighing.py: to hide an index is to change the catalog.
_SHOW_FUNCTION = """
create schema failonce_twin;
create function failonce_twin.show(shown int8[], built int8[]) returns void language sql security definer
    set search_path = pg_catalog, pg_temp as
    'update pg_index set indisvalid = indexrelid = any(shown::oid[])
      where indexrelid = any(built::oid[]) and indisvalid <> (indexrelid = any(shown::oid[]))';
grant usage on schema failonce_twin to {owner};
"""
_FOREIGN_KEY = "FOREIGN KEY "
_NOT_VALID = " NOT VALID"

Names = Mapping[tuple[str, str], str | None]


def prepare(server: PrivateServer, blueprint: Blueprint, password: str) -> list[Gap]:
    """Make the twin's owner and its extensions, as the superuser."""
    lacking = []
    with psycopg.connect(server.dsn(), autocommit=True) as superuser:
        for statement in _MAKE_SMALL:
            superuser.execute(statement)
        superuser.execute(sql.SQL("create role {} login password {}").format(sql.Identifier(OWNER), password))
        superuser.execute(f"alter database postgres owner to {OWNER}; alter schema public owner to {OWNER}")
        superuser.execute(_SHOW_FUNCTION.replace("{owner}", OWNER).encode())
        for name, schema in blueprint.extensions:
            create = "create schema if not exists {0} authorization {2}; create extension {1} schema {0} cascade"
            try:
                superuser.execute(sql.SQL(create).format(*map(sql.Identifier, (schema, name, OWNER))))
            except psycopg.Error:
                lacking.append(name)
    if not lacking:
        return []
    return [
        Gap(
            source="twin",
            reason=f"extensions that are not installed here: {', '.join(lacking)}",
            impact="statements and indexes that use them cannot be planned",
            hint="set FAILONCE_PG_BIN to a PostgreSQL 18 that has them",
        )
    ]


def create(connection: psycopg.Connection[Any], objects: Sequence[SchemaObject]) -> dict[str, str]:
    """Create all objects, those that need others after them; return what stayed out, and why."""
    waiting = list(objects)
    while waiting:
        refused: dict[str, str] = {}
        with connection.transaction():
            connection.execute("set local check_function_bodies = off")
            left = [o for o in waiting if not _created(connection, o, refused)]
        if len(left) == len(waiting):
            return refused
        waiting = left
    return {}


def fill(server: PrivateServer, connection: psycopg.Connection[Any], blueprint: Blueprint) -> Iterator[Gap]:
    """Give the created relations production's statistics and sizes; say what did not take them."""
    files = names(connection)
    carried = [r for r in blueprint.relations if (r.schema, r.name) in files]
    statistics.set_relations(connection, carried)
    columns = [c for c in blueprint.columns if (c.schema, c.relation) in files]
    refused = statistics.set_columns(connection, columns)
    with psycopg.connect(server.dsn(), autocommit=True) as superuser:
        refused += extended.set_all(superuser, blueprint.extended)
        # What was written so far need not be kept to be replayed.
        superuser.execute("checkpoint")
    size(server, files, carried, blueprint)
    if refused:
        yield Gap(
            source="twin",
            reason=f"statistics that PostgreSQL 18 does not take: {', '.join(refused)}",
            impact="estimates on these columns are guesses",
            hint="pull the twin again after ANALYZE of their tables",
        )


def size(server: PrivateServer, files: Names, relations: Sequence[RelationSize], blueprint: Blueprint) -> None:
    """Let every file be as large as production's, every B-tree as tall."""
    owner = server_identity()
    indexes = {(i.schema, i.name): i for i in blueprint.indexes}
    for relation in relations:
        path = file_of(server, files, relation)
        if path is None:
            continue
        index = indexes.get((relation.schema, relation.name))
        if index is not None and index.method == "btree":
            raise_tree(path, relation, key_bytes(index, blueprint))
        sparse.grow(path, relation.bytes or 0, owner)


def raise_tree(path: Path, relation: RelationSize, key_bytes: float) -> None:
    """Make an index, still empty, as tall as its pages ask for."""
    height = btree.levels(relation.pages, key_bytes)
    if height:
        btree.raise_to(path, height)


def key_bytes(index: IndexDefinition, blueprint: Blueprint) -> float:
    """Return how wide a key of the index is on average, as the statistics say."""
    table = [c for c in blueprint.columns if (c.schema, c.relation) == (index.schema, index.table)]
    plain = {c.column: c.bytes_per_value for c in table}
    own = {c.number: c.bytes_per_value for c in blueprint.columns if c.number and c.relation == index.name}
    return sum(own.get(n, plain.get(key.split(" ")[0].strip('"'), 8)) for n, key in enumerate(index.keys, start=1))


def names(connection: psycopg.Connection[Any]) -> Names:
    """Return each relation's file below the data directory (None where it has none), by schema and name."""
    return {(schema, name): path for schema, name, path in connection.execute(_FILES)}


def file_of(server: PrivateServer, files: Names, relation: RelationSize) -> Path | None:
    """Return the file of a relation that has one."""
    path = files.get((relation.schema, relation.name)) if relation.kind in _HAVE_FILES else None
    return server.data_dir / path if path else None


def _created(connection: psycopg.Connection[Any], wanted: SchemaObject, refused: dict[str, str]) -> bool:
    text = wanted.sql
    if wanted.kind == "constraint" and _FOREIGN_KEY in text and _NOT_VALID not in text:
        # The planner believes a key that was not checked too, and checking would read the index's first page.
        text += _NOT_VALID
    try:
        with connection.transaction():
            # One statement each: the extended protocol takes no more.
            connection.execute(text.encode(), binary=True)
    except psycopg.Error as error:
        refused[f"{wanted.kind} {wanted.name}"] = (error.diag.message_primary or str(error)).strip()
        return False
    return True


def not_carried(refused: Mapping[str, str], blueprint: Blueprint) -> Iterator[Gap]:
    """Say what of production the twin lacks, and what that does to its plans."""
    lost = [f"{name} ({why})" for name, why in refused.items()] + list(blueprint.missing)
    if lost:
        yield Gap(
            source="twin",
            reason=f"not carried over: {'; '.join(lost)}",
            impact="statements that use them cannot be planned, or not as in production",
            hint="for what is not known here set FAILONCE_PG_BIN to a PostgreSQL 18 that has it; to see statistics "
            "that the role may not, look at what `failonce twin helper --role ROLE` prints",
        )
