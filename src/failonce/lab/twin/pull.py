"""Pull a blueprint from a database: what its planner knows, by reading the catalog alone.

A monitoring role is enough, with the helper below for the statistics. It takes no lock that anybody could wait for,
waits for none longer than a tenth of a second, and writes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from importlib.resources import files
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from failonce.lab.twin import mask, pull_extended, schema
from failonce.model.blueprint import (
    Blueprint,
    ColumnStatistics,
    IndexDefinition,
    RelationSize,
    SchemaObject,
)
from failonce.model.errors import CannotLook, DatabaseUnreachable

_CONNECT_WITHIN_S = 5
_SESSION = {
    "lock_timeout": "100ms",
    "statement_timeout": "10s",
    "default_transaction_read_only": "on",
    # Values are read as text: in one form, whatever the role's habits.
    "datestyle": "ISO",
    "intervalstyle": "postgres",
    "timezone": "UTC",
    "extra_float_digits": "1",
}
_COMMENT = re.compile(r"^\s*--.*\n", re.MULTILINE)

EXPRESSIONS = "pg_stats_ext_exprs"
# PostgreSQL's views, and the functions of helper.sql that show them to others.
_FUNCTIONS = {
    "pg_stats": "failonce.column_statistics()",
    "pg_stats_ext": "failonce.extended_statistics()",
    EXPRESSIONS: "failonce.expression_statistics()",
}
#: What the first helper had.
_OLDEST_FUNCTIONS = frozenset(f for view, f in _FUNCTIONS.items() if view != EXPRESSIONS)
_EXPRESSIONS_SINCE = 140_000
_OF_RANGES = frozenset({"subtype", "range_bounds", "range_lengths", "range_empty_share"})

Row = dict[str, Any]
Reader = psycopg.Connection[Row]


def pull(dsn: str, names: Sequence[str] | None = None) -> Blueprint:
    """Read the relations of these names and what they need, or all; the values in the statistics are production's."""
    return _with(dsn, lambda production: _pull(production, names))


def pull_masked(dsn: str, names: Sequence[str] | None = None, *, keep: Sequence[str] = ()) -> Blueprint:
    """Read relations, by itself all, and mask the values, except those of the columns to keep: `orders.status`."""

    def read(production: Reader) -> Blueprint:
        return mask.masked(_pull(production, names), keep, partial(order, production))

    return _with(dsn, read)


def helper_sql(role: str) -> str:
    """Return the SQL that lets a role read statistics and nothing else; an administrator runs it, or does not."""
    return _text("helper").replace("{role}", sql.Identifier(role).as_string(None))


def order(production: Reader, values: Sequence[str], collation: str) -> list[str]:
    """Sort values as the database does: every collation has an order of its own."""
    name = sql.Identifier(collation or "default").as_string(None)
    rows = production.execute(_text("compare").replace("{collation}", name).encode(), {"values": list(values)})
    return [row["value"] for row in rows]


def _with(dsn: str, read: Callable[[Reader], Blueprint]) -> Blueprint:
    try:
        with psycopg.connect(
            dsn, connect_timeout=_CONNECT_WITHIN_S, application_name="failonce", row_factory=dict_row
        ) as production:
            production.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            for name, value in _SESSION.items():
                production.execute("select set_config(%s, %s, false)", [name, value])
            return read(production)
    except psycopg.errors.LockNotAvailable as refused:
        raise CannotLook(
            "something the twin needs is locked in production",
            hint="run it again once the lock is gone; failonce waits for locks no longer than 100 ms",
        ) from refused
    except psycopg.OperationalError as failed:
        raise DatabaseUnreachable(
            f"the connection failed: {str(failed).strip()}", hint="check the connection string with: failonce doctor"
        ) from failed


def _pull(production: Reader, names: Sequence[str] | None) -> Blueprint:
    rows = _read(production, "relations", names=None if names is None else list(names))
    if not rows:
        what = f"none of these relations: {', '.join(names)}" if names else "no relation of yours"
        raise CannotLook(
            f"production has {what}",
            hint="check that the connection string names the application's database",
        )
    oids = [row["oid"] for row in rows]
    source = _statistics_source(production, oids)
    indexes = _read(production, "indexes", oids=oids)
    functions = _read(production, "functions")
    [database] = _read(production, "database")
    read = partial(_read, production, source=source)
    extended, lost = pull_extended.pull(read, oids, sees_expressions=EXPRESSIONS in source)
    return Blueprint(
        server_version=production.info.server_version,
        database=database["name"],
        c_collation=database["c_collation"],
        extensions=tuple((row["name"], row["schema"]) for row in _read(production, "extensions")),
        objects=tuple(_objects(production, oids, indexes, functions)),
        relations=tuple(RelationSize(**{k: v for k, v in row.items() if k != "oid"}) for row in rows),
        indexes=tuple(_index(row) for row in indexes),
        columns=tuple(_column(row) for row in _read(production, "statistics", source, oids=oids)),
        extended=tuple(extended),
        settings={row["name"]: row["setting"] for row in _read(production, "settings")},
        missing=(*_missing(production, oids, functions), *lost),
    )


def _statistics_source(production: Reader, oids: Sequence[int]) -> Mapping[str, str]:
    """Return where this role reads statistics: in PostgreSQL's views, or through failonce's functions."""
    unreadable = [row["name"] for row in _read(production, "unreadable", oids=oids)]
    helped = {f"failonce.{row['name']}()" for row in _read(production, "helped")}
    if helped >= set(_FUNCTIONS.values()) or (unreadable and helped >= _OLDEST_FUNCTIONS):
        source = {view: function for view, function in _FUNCTIONS.items() if function in helped}
    elif not unreadable:
        source = {view: view for view in _FUNCTIONS}
    else:
        role = production.info.user
        raise CannotLook(
            f"the role {role} may not read the planner's statistics of {_some(unreadable)}",
            hint=f"look at what `failonce twin helper --role {role}` prints, and have an administrator run it",
        )
    if production.info.server_version < _EXPRESSIONS_SINCE:
        source.pop(EXPRESSIONS, None)
    return source


def _objects(production: Reader, oids: list[int], indexes: list[Row], functions: list[Row]) -> Iterator[SchemaObject]:
    """Yield what is to be created, in an order that mostly holds."""
    for row in _read(production, "schemas"):
        yield SchemaObject("schema", row["name"], f"create schema if not exists {row['name']}")
    for row in _read(production, "types"):
        yield SchemaObject("type", row["name"], row["sql"])
    for row in _read(production, "sequences", oids=oids):
        yield SchemaObject("sequence", row["name"], f"create sequence {row['name']}")
    for row in functions:
        if row["sql"]:
            yield SchemaObject("function", row["name"], row["sql"])
    yield from schema.tables(_read(production, "tables", oids=oids), _read(production, "columns", oids=oids))
    yield from schema.views(_read(production, "views", oids=oids))
    for row in _read(production, "constraints", oids=oids):
        text = f"alter table {row['relation']} add constraint {row['name']} {row['definition']}"
        yield SchemaObject("constraint", f"{row['name']} of {row['relation']}", text)
    for row in indexes:
        if not row["constrains"]:
            # A partitioned index is printed with ONLY; its partitions' indexes are there first, and are taken over.
            yield SchemaObject("index", row["name"], row["definition"].replace(" ON ONLY ", " ON ", 1))
    for row in _read(production, "extended_objects", oids=oids):
        yield SchemaObject("statistics", row["name"], row["sql"])


def _index(row: Row) -> IndexDefinition:
    return IndexDefinition(**_tuples({name: value for name, value in row.items() if name != "constrains"}))


def _column(row: Row) -> ColumnStatistics:
    told = {name: value for name, value in row.items() if value is not None or name not in _OF_RANGES}
    return ColumnStatistics(**_tuples(told))


def _missing(production: Reader, oids: list[int], functions: list[Row]) -> Iterator[str]:
    yield from (row["name"] for row in _read(production, "others", oids=oids))
    for row in functions:
        if not row["sql"]:
            yield f"function {row['name']} in {row['language']}"


def _tuples(row: Row) -> Row:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _read(production: Reader, name: str, source: Mapping[str, str] | None = None, **arguments: Any) -> list[Row]:
    text = _text(name)
    for view, where in (source or {}).items():
        text = text.replace(f"{{{view}}}", where)
    return production.execute(text.encode(), arguments or None).fetchall()


@cache
def _text(name: str) -> str:
    """Return the query of this name; whole-line comments stay at home, except in what people are to read."""
    text = files("failonce.lab.twin").joinpath("sql", f"{name}.sql").read_text()
    return text if name == "helper" else _COMMENT.sub("", text)
