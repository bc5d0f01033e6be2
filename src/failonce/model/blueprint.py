"""What a database's planner knows, without a row of its data: schema, sizes, statistics and planner settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RelationSize:
    """A table, index, view or sequence, and how large the planner thinks it is."""

    schema: str
    name: str
    #: pg_class.relkind: `r` table, `p` partitioned table, `m` materialized view, `i` index, `v` view, `S` sequence.
    kind: str
    pages: int
    #: -1 where nobody counted yet.
    rows: float
    pages_all_visible: int
    #: None for what has no file.
    bytes: int | None

    @property
    def quoted(self) -> str:
        """The qualified name as SQL takes it."""
        return ".".join('"' + part.replace('"', '""') + '"' for part in (self.schema, self.name))


@dataclass(frozen=True, slots=True)
class IndexDefinition:
    """An index as the catalog has it."""

    schema: str
    name: str
    #: The table's name; it is in the same schema.
    table: str
    #: `btree`, `gin`, `brin`, ...
    method: str
    #: What it is over, in order: columns or expressions, each with its operator class where that is not the default.
    keys: tuple[str, ...]
    #: The columns it carries along (INCLUDE).
    included: tuple[str, ...]
    #: Its WHERE, if it is partial.
    predicate: str | None
    unique: bool
    primary: bool
    #: CREATE INDEX, as pg_get_indexdef has it.
    definition: str


@dataclass(frozen=True, slots=True)
class SchemaObject:
    """One thing to create, and the statement that does."""

    #: `schema`, `type`, `function`, `sequence`, `table`, `constraint`, `index`, `view`, `statistics`.
    kind: str
    name: str
    sql: str


@dataclass(frozen=True, slots=True)
class ColumnStatistics:
    """A row of pg_stats: of a column, or of an expression of an index or of CREATE STATISTICS."""

    schema: str
    relation: str
    column: str
    #: The place in an index, whose columns have made-up names, or among expressions; None for a table's column.
    number: int | None
    #: The type without its length: `character varying`.
    type: str
    #: pg_type.typcategory: `S` string, `N` number, `D` time, `B` boolean, `E` enum, `A` array, ...
    category: str
    #: The length or scale the type was given, as pg_attribute.atttypmod has it; -1 for none.
    typmod: int
    collation: str
    inherited: bool
    null_share: float
    bytes_per_value: int
    distinct: float
    correlation: float | None
    common: tuple[str, ...] | None
    common_shares: tuple[float, ...] | None
    bounds: tuple[str, ...] | None
    elements: tuple[str, ...] | None = None
    element_shares: tuple[float, ...] | None = None
    element_counts: tuple[float, ...] | None = None
    #: What a range is of: `date`; empty for what is no range.
    subtype: str = ""
    #: Ranges of the lower and upper bounds' histograms, and lengths, as texts.
    range_bounds: tuple[str, ...] | None = None
    range_lengths: tuple[str, ...] | None = None
    range_empty_share: float | None = None


@dataclass(frozen=True, slots=True)
class ExtendedStatistics:
    """A row of pg_stats_ext: what is known of several columns and expressions together."""

    schema: str
    name: str
    table: str
    #: The table's columns by number, for the numbers in `distinct` and `dependencies`.
    columns: Mapping[str, str]
    #: For each dimension of the common values (columns, then expressions) its type, with pg_type.typcategory and the
    #: collation.
    types: tuple[str, ...]
    categories: tuple[str, ...]
    typmods: tuple[int, ...]
    collations: tuple[str, ...]
    inherited: bool
    #: As pg_ndistinct and pg_dependencies print themselves.
    distinct: str | None
    dependencies: str | None
    #: A value for each dimension, None for NULL.
    common: tuple[tuple[str | None, ...], ...]
    common_shares: tuple[float, ...]
    #: The shares if the columns were independent.
    base_shares: tuple[float, ...]
    #: What is known of each expression by itself.
    expressions: tuple[ColumnStatistics, ...] = ()


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Everything a twin is built from."""

    #: server_version_num of the database it was pulled from: 150018.
    server_version: int
    database: str
    #: Strings are in the order of their bytes (collation C), so that a plain B-tree serves `like 'a%'`.
    c_collation: bool
    #: Each with the schema it lives in.
    extensions: tuple[tuple[str, str], ...]
    objects: tuple[SchemaObject, ...]
    relations: tuple[RelationSize, ...]
    indexes: tuple[IndexDefinition, ...]
    columns: tuple[ColumnStatistics, ...]
    extended: tuple[ExtendedStatistics, ...]
    #: The settings that steer the planner.
    settings: Mapping[str, str]
    #: What could not be pulled, in words: a function in another language, a foreign table.
    missing: tuple[str, ...] = ()
    #: No original value of a column is in the statistics, except of the columns in `kept`.
    masked: bool = False
    #: Columns whose values were kept by choice: `orders.status`.
    kept: tuple[str, ...] = ()
