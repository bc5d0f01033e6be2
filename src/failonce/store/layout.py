"""The layout of the store's tables: make them in a new store, migrate an older one, refuse a newer one.

A new store gets the tables at once; an older one is migrated by Alembic, step by step, in one transaction. Alembic is
imported only then.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from failonce.model.errors import UsageError
from failonce.store import words
from failonce.store.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

#: The newest file in `migrations/versions`.
REVISION = "0003"
_MIGRATIONS = Path(__file__).with_name("migrations")
#: Before Alembic a table of ours held the layout's number.
_BEFORE_ALEMBIC = {1: "0001", 2: "0001"}


def bring_up(engine: Engine) -> None:
    """See that the tables are as this failonce wants them. Reads only, unless something has to be done."""
    with engine.execution_options(reading=True).begin() as connection:
        if found(connection) == REVISION:
            return
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(1)")
        revision = found(connection)  # Another process may have been here while we waited.
        if revision is None:
            _create(connection)
        elif revision != REVISION:
            _migrate(connection, revision)


def found(connection: Connection) -> str | None:
    """Return the layout a store has; None when it is new."""
    tables = inspect(connection).get_table_names()
    if "alembic_version" in tables:
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
    if "schema_version" in tables:
        number = connection.execute(text("SELECT version FROM schema_version")).scalar_one()
        return _BEFORE_ALEMBIC.get(number, f"of number {number}")
    return None


def _create(connection: Connection) -> None:
    assert words.COLUMNS, "the search index is made with the tables"
    metadata.create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": REVISION})


def steps() -> frozenset[str]:
    """Return the layouts that this failonce knows: its own and all before it."""
    from alembic.script import ScriptDirectory

    return frozenset(script.revision for script in ScriptDirectory.from_config(_alembic()).walk_revisions())


def lay_out(connection: Connection, revision: str) -> None:
    """Take the steps from nothing to a layout, in a database without a table."""
    _upgrade(connection, revision)


def _migrate(connection: Connection, revision: str) -> None:
    if revision not in steps():
        raise UsageError(
            f"The store has the layout {revision}; this failonce knows layouts up to {REVISION}.",
            hint="A newer failonce wrote it: pip install --upgrade failonce",
        )
    if "alembic_version" not in inspect(connection).get_table_names():
        from alembic import command

        command.stamp(_alembic(connection), revision)
    _upgrade(connection, REVISION)


def _upgrade(connection: Connection, revision: str) -> None:
    from alembic import command

    command.upgrade(_alembic(connection), revision)


def _alembic(connection: Connection | None = None) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
