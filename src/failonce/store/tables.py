"""The store's tables as the newest migration leaves them.

Plain SQLAlchemy Core: the same tables serve SQLite and PostgreSQL; only the words of the search index differ (see
`words`). A new store is made from these tables at once, an older one is brought here by `migrations`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB


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


#: A value of the model, field by field.
Document = JSON().with_variant(JSONB(), "postgresql")

metadata = MetaData()


def _of_incident(**options: Any) -> Column[Any]:
    return Column("incident_id", String, ForeignKey("incidents.id"), nullable=False, **options)


_IS_PRIVATE = text("private_to IS NOT NULL")

incidents = Table(
    "incidents",
    metadata,
    Column("id", String, primary_key=True),
    Column("title", Text, nullable=False),
    Column("origin", String, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("state", String, nullable=False),
    Column("severity", String),
    Column("target", String),
    Column("services", Document, nullable=False),
    Column("labels", Document, nullable=False),
    Column("roles", Document, nullable=False),
    Column("private_to", String),
    Column("onset_at", Instant),
    Column("detected_at", Instant),
    Column("acknowledged_at", Instant),
    Column("mitigated_at", Instant),
    Column("recovered_at", Instant),
    Column("closed_at", Instant),
    Column("cause", String),
    Column("trigger", String),
    Column("fingerprint", String),
    Column("relations", Document, nullable=False),
    Column("revision", Integer, nullable=False),
    # How long it took, in seconds, as the formulas of `insights` have it; null when an instant is not known.
    Column("detect_s", Float),
    Column("acknowledge_s", Float),
    Column("mitigate_s", Float),
    Column("recover_s", Float),
    Index("incidents_newest", "opened_at", "id"),
    Index("incidents_by_state", "state", "opened_at"),
    Index("incidents_by_target", "target", "opened_at"),
    Index("incidents_by_cause", "cause", "opened_at"),
    Index("incidents_by_fingerprint", "fingerprint"),
    # Of the private ones only: with the others in it, SQLite would take it to list what everybody may see.
    Index("incidents_private", "private_to", sqlite_where=_IS_PRIVATE, postgresql_where=_IS_PRIVATE),
)

#: What failonce measured, apart from the rows that lists read: it is large.
measurements = Table(
    "measurements",
    metadata,
    _of_incident(primary_key=True),
    #: The model's Incident without its timeline.
    Column("document", Document, nullable=False),
)

#: Services, labels and relations, one a row, to find incidents by them.
facets = Table(
    "facets",
    metadata,
    Column("kind", String, primary_key=True),
    Column("value", String, primary_key=True),
    _of_incident(primary_key=True),
    Index("facets_of_incident", "incident_id"),
)

timeline_entries = Table(
    "timeline_entries",
    metadata,
    _of_incident(primary_key=True),
    #: Counted from 1 in the order of writing; the hashes chain them in this order.
    Column("number", Integer, primary_key=True),
    Column("happened_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("kind", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("author", String, nullable=False),
    Column("supersedes", Integer),
    Column("hash", String, nullable=False),
)

postmortems = Table(
    "postmortems",
    metadata,
    _of_incident(primary_key=True),
    Column("title", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("agenda", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Index("postmortems_newest", "updated_at", "incident_id"),
    Index("postmortems_by_state", "state", "updated_at"),
)

postmortem_versions = Table(
    "postmortem_versions",
    metadata,
    _of_incident(primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("written_at", Instant, nullable=False),
    Column("author", String, nullable=False),
    Column("markdown", Text, nullable=False),
)

sign_offs = Table(
    "sign_offs",
    metadata,
    _of_incident(primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("person", String, primary_key=True),
    Column("signed_at", Instant, nullable=False),
)

action_items = Table(
    "action_items",
    metadata,
    _of_incident(primary_key=True),
    Column("id", String, primary_key=True),
    Column("text", Text, nullable=False),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("owner", String),
    Column("due", Date),
    Column("reason", Text),
    Column("priority", String),
    Column("guard", String),
    Column("proofs", Document, nullable=False),
    Column("vouched_by", String),
    Column("revision", Integer, nullable=False),
    #: The due date as text, undated last: what lists are sorted by.
    Column("due_key", String, nullable=False),
    Column("added_at", Instant),
    Index("action_items_by_due", "due_key", "incident_id", "id"),
    Index("action_items_by_state", "state", "due_key"),
    Index("action_items_by_owner", "owner", "due_key"),
    # All that the board counts, so that it is counted from the index alone.
    Index("action_items_board", "state", "owner", "due_key", "incident_id"),
)

judgements = Table(
    "judgements",
    metadata,
    _of_incident(primary_key=True),
    Column("earlier_id", String, ForeignKey("incidents.id"), primary_key=True),
    Column("is_same", Boolean, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
)

#: Postmortems from elsewhere: where each came from, and what was read from it.
documents = Table(
    "documents",
    metadata,
    Column("path", String, primary_key=True),
    _of_incident(index=True),
    Column("title", Text, nullable=False),
    Column("facts", Document, nullable=False),
    Column("imported_at", Instant, nullable=False),
    Column("content_hash", String, nullable=False, index=True),
    #: The version of the postmortem that holds its text.
    Column("version", Integer, nullable=False),
)

releases = Table(
    "releases",
    metadata,
    Column("target", String, primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("release", String, primary_key=True),
    Column("source", String, primary_key=True),
)

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Column("act", String, nullable=False),
    #: No foreign key: the log outlives what it tells of.
    Column("incident_id", String, index=True),
    Column("detail", Document, nullable=False),
    Column("hash", String, nullable=False),
)

#: What is searched of each incident: one row each, so that a search finds incidents, not crumbs.
texts = Table(
    "texts",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _of_incident(unique=True),
    Column("title", Text, nullable=False),
    Column("timeline", Text, nullable=False),
    Column("postmortem", Text, nullable=False),
    Column("actions", Text, nullable=False),
    # Which incident a match belongs to, without reading its text.
    Index("texts_of_incidents", "id", "incident_id"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("name", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("groups", Document, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("is_disabled", Boolean, nullable=False),
    Column("identity", String, unique=True),
    #: argon2; null for whoever comes in through OpenID Connect only.
    Column("password_hash", String),
)

#: Links that let somebody in once, sessions and tokens: of each secret only a hash is kept.
links = Table(
    "links",
    metadata,
    Column("hash", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("groups", Document, nullable=False),
    Column("made_by", String, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

sessions = Table(
    "sessions",
    metadata,
    Column("hash", String, primary_key=True),
    Column("account", String, ForeignKey("accounts.name"), nullable=False, index=True),
    Column("expires_at", Instant, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", String, primary_key=True),
    Column("hash", String, nullable=False, unique=True),
    Column("account", String, ForeignKey("accounts.name"), nullable=False, index=True),
    Column("purpose", Text, nullable=False),
    Column("scopes", Document, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
)

#: Failed log-ins, to slow down whoever guesses.
failed_logins = Table(
    "failed_logins",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    #: An account's name or an address.
    Column("key", String, nullable=False),
    Column("at", Instant, nullable=False),
    Index("failed_logins_by_key", "key", "at"),
)
