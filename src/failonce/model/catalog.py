"""The schema and the settings as far as a diagnosis needs them: what changes rarely, and is told when it did."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or materialized view and its size (source: pg_class)."""

    name: str
    rows: int
    bytes: int
    #: The partitioned table it is a part of.
    partition_of: str | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """An index as the catalog describes it (source: pg_index, pg_class)."""

    name: str
    relation: str
    definition: str
    valid: bool
    #: Whether any scan used it since the server began to count; None where that was not asked.
    used: bool | None = None
    #: Its entries and its size when it was last vacuumed or analyzed; None where that was not asked.
    entries: int | None = None
    bytes: int | None = None


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key that no index of its own table serves (source: pg_constraint)."""

    name: str
    relation: str
    columns: tuple[str, ...]
    #: The table whose rows must not go while they are referenced.
    references: str
    #: `cascade`, `set null`, `set default`, `restrict` or `no action`.
    on_delete: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting that steers plans, memory, locks or connections (source: pg_settings, pg_db_role_setting)."""

    name: str
    value: str
    #: For whom it differs from the server's: `role shop`, `database shop`, or both; empty for the server's own.
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Catalog:
    """The schema as far as diagnosis needs it; told when it changed."""

    server_version: int
    relations: tuple[Relation, ...]
    indexes: tuple[Index, ...]
    settings: tuple[Setting, ...]
    unindexed_keys: tuple[ForeignKey, ...] = ()
