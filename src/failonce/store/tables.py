"""The store's tables and the version of their layout.

Plain SQLAlchemy Core, no dialect's specialities: the same tables serve SQLite and PostgreSQL. Whole values lie in
`document` columns; what is searched or sorted by is a column of its own.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

#: The layout below. Raise it with every change to it.
SCHEMA_VERSION = 2


class Instant(TypeDecorator[datetime]):
    """A point in time, UTC on both sides; SQLite forgets the zone, so it is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"an instant without a zone: {value.isoformat()}")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


metadata = MetaData()

schema_version = Table("schema_version", metadata, Column("version", Integer, nullable=False))

incidents = Table(
    "incidents",
    metadata,
    Column("id", String, primary_key=True),
    Column("target", String, nullable=False),
    Column("onset_at", Instant, nullable=False),
    Column("recovered_at", Instant),
    #: The cause's ID; null when the diagnosis abstained.
    Column("cause", String),
    #: The incident without its timeline, which has a table of its own.
    Column("document", JSON, nullable=False),
    Index("incidents_by_target", "target", "onset_at"),
)

timeline_entries = Table(
    "timeline_entries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident_id", ForeignKey(incidents.c.id), nullable=False),
    Column("happened_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("kind", String, nullable=False),
    Column("text", Text, nullable=False),
    # An entry is its content: writing it twice, from one process or two, keeps it once.
    UniqueConstraint("incident_id", "happened_at", "recorded_at", "kind", "text"),
)

postmortems = Table(
    "postmortems",
    metadata,
    Column("incident_id", ForeignKey(incidents.c.id), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("written_at", Instant, nullable=False),
    Column("markdown", Text, nullable=False),
)

action_items = Table(
    "action_items",
    metadata,
    Column("incident_id", ForeignKey(incidents.c.id), primary_key=True),
    Column("id", String, primary_key=True),
    Column("state", String, nullable=False, index=True),
    Column("document", JSON, nullable=False),
)

releases = Table(
    "releases",
    metadata,
    Column("target", String, primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("release", String, primary_key=True),
    Column("source", String, primary_key=True),
)

#: Postmortems from elsewhere. Since layout 2.
documents = Table(
    "documents",
    metadata,
    Column("path", String, primary_key=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("imported_at", Instant, nullable=False),
    Column("content_hash", String, nullable=False, index=True),
)
