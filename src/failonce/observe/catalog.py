"""The schema and the settings as far as diagnosis needs them (source: pg_class, pg_index, pg_constraint, pg_settings).

Told when they changed, and the first time. A size counts as changed when it moved by a tenth; that of an index, when it
has a megabyte or had.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from failonce.model.catalog import Catalog, ForeignKey, Index, Relation, Setting
from failonce.observe.connection import Connection
from failonce.observe.source import Parts

_MOVED = 0.1
#: As for tables: smaller ones are nobody's outage, and a tenth of them comes and goes all the time.
_LARGE_INDEX_BYTES = 2**20


class CatalogChanges:
    """Relations of some size, indexes, settings."""

    name = "catalog"
    impact = "dropped or invalid indexes, table sizes and settings are not known"

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._told: Catalog | None = None
        #: By the index's oid.
        self._definitions: dict[int, str] = {}

    def read(self, at: datetime) -> Parts:
        catalog = Catalog(
            server_version=self._connection.server_version,
            relations=tuple(Relation(*row) for row in self._connection.rows("relations")),
            indexes=self._indexes(),
            settings=tuple(Setting(*row) for row in self._connection.rows("settings")),
            unindexed_keys=tuple(_foreign_key(row) for row in self._connection.rows("foreign_keys")),
        )
        if self._told is not None and _same(catalog, self._told):
            return {}
        self._told = catalog
        return {"catalog": catalog}

    def _indexes(self) -> tuple[Index, ...]:
        rows = self._connection.rows("indexes", {"known": list(self._definitions)})
        known = self._definitions
        self._definitions = {row.indexrelid: row.definition or known.get(row.indexrelid, "") for row in rows}
        return tuple(_index(row, self._definitions[row.indexrelid]) for row in rows)


def _index(row: Any, definition: str) -> Index:
    return Index(row.name, row.relation, definition, row.valid, row.used, row.entries, row.bytes)


def _foreign_key(row: Any) -> ForeignKey:
    return ForeignKey(row.name, row.relation, tuple(row.columns), row.references, row.on_delete)


def _same(one: Catalog, other: Catalog) -> bool:
    """Say whether nothing changed that a diagnosis could turn on."""
    sizes = {relation.name: relation for relation in other.relations}
    return (
        one.server_version == other.server_version
        and one.settings == other.settings
        and one.unindexed_keys == other.unindexed_keys
        and _same_indexes(one.indexes, other.indexes)
        and {relation.name for relation in one.relations} == set(sizes)
        and not any(_moved(relation, sizes[relation.name]) for relation in one.relations)
    )


def _same_indexes(some: tuple[Index, ...], others: tuple[Index, ...]) -> bool:
    there = {index.name: index for index in others}
    return _described(some) == _described(others) and not any(_index_moved(i, there[i.name]) for i in some)


def _described(indexes: tuple[Index, ...]) -> set[tuple[str | bool | None, ...]]:
    """Return what makes these indexes what they are, without their sizes."""
    return {(i.name, i.relation, i.definition, i.valid, i.used) for i in indexes}


def _moved(one: Relation, other: Relation) -> bool:
    return _far_apart(one.rows, other.rows) or _far_apart(one.bytes, other.bytes)


def _index_moved(one: Index, other: Index) -> bool:
    sizes = (one.entries or 0, other.entries or 0), (one.bytes or 0, other.bytes or 0)
    return max(sizes[1]) >= _LARGE_INDEX_BYTES and any(_far_apart(*size) for size in sizes)


def _far_apart(new: int, old: int) -> bool:
    return abs(new - old) > _MOVED * max(new, old)
