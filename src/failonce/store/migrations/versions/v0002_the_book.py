"""The book: dossiers, chained timelines, reviews, action items, search, accounts, the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from failonce.store.migrations import before_alembic, search_index

revision = "0002"
down_revision = "0001"

_DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Take the step: put the old tables aside, make the new ones, carry over what the old ones hold."""
    connection = op.get_bind()
    old = before_alembic.put_aside(connection)
    _accounts()
    _audit_entries()
    _failed_logins()
    _incidents()
    _links()
    _releases()
    _action_items()
    _documents()
    _facets()
    _judgements()
    _measurements()
    _postmortem_versions()
    _postmortems()
    _sessions()
    _sign_offs()
    _texts()
    _timeline_entries()
    _tokens()
    search_index.make(connection.dialect.name)
    before_alembic.carry_over(connection, old)


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("groups", _DOCUMENT, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("identity", sa.String()),
        sa.Column("password_hash", sa.String()),
        sa.PrimaryKeyConstraint("name"),
        sa.UniqueConstraint("identity"),
    )


def _audit_entries() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("incident_id", sa.String()),
        sa.Column("detail", _DOCUMENT, nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("ix_audit_entries_incident_id", "audit_entries", ["incident_id"])


def _failed_logins() -> None:
    op.create_table(
        "failed_logins",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("failed_logins_by_key", "failed_logins", ["key", "at"])


def _incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("severity", sa.String()),
        sa.Column("target", sa.String()),
        sa.Column("services", _DOCUMENT, nullable=False),
        sa.Column("labels", _DOCUMENT, nullable=False),
        sa.Column("roles", _DOCUMENT, nullable=False),
        sa.Column("private_to", sa.String()),
        sa.Column("onset_at", sa.DateTime(timezone=True)),
        sa.Column("detected_at", sa.DateTime(timezone=True)),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True)),
        sa.Column("mitigated_at", sa.DateTime(timezone=True)),
        sa.Column("recovered_at", sa.DateTime(timezone=True)),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("cause", sa.String()),
        sa.Column("trigger", sa.String()),
        sa.Column("fingerprint", sa.String()),
        sa.Column("relations", _DOCUMENT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("detect_s", sa.Float()),
        sa.Column("acknowledge_s", sa.Float()),
        sa.Column("mitigate_s", sa.Float()),
        sa.Column("recover_s", sa.Float()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("incidents_by_cause", "incidents", ["cause", "opened_at"])
    op.create_index("incidents_by_fingerprint", "incidents", ["fingerprint"])
    op.create_index("incidents_by_state", "incidents", ["state", "opened_at"])
    op.create_index("incidents_by_target", "incidents", ["target", "opened_at"])
    op.create_index("incidents_newest", "incidents", ["opened_at", "id"])
    op.create_index(
        "incidents_private",
        "incidents",
        ["private_to"],
        unique=False,
        sqlite_where=sa.text("private_to IS NOT NULL"),
        postgresql_where=sa.text("private_to IS NOT NULL"),
    )


def _links() -> None:
    op.create_table(
        "links",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("groups", _DOCUMENT, nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("hash"),
    )


def _releases() -> None:
    op.create_table(
        "releases",
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("release", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("target", "at", "release", "source"),
    )


def _action_items() -> None:
    op.create_table(
        "action_items",
        sa.Column("incident_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("owner", sa.String()),
        sa.Column("due", sa.Date()),
        sa.Column("reason", sa.Text()),
        sa.Column("priority", sa.String()),
        sa.Column("guard", sa.String()),
        sa.Column("proofs", _DOCUMENT, nullable=False),
        sa.Column("vouched_by", sa.String()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("due_key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incidents.id"],
        ),
        sa.PrimaryKeyConstraint("incident_id", "id"),
    )
    op.create_index("action_items_board", "action_items", ["state", "owner", "due_key", "incident_id"])
    op.create_index("action_items_by_due", "action_items", ["due_key", "incident_id", "id"])
    op.create_index("action_items_by_owner", "action_items", ["owner", "due_key"])
    op.create_index("action_items_by_state", "action_items", ["state", "due_key"])


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("incident_id", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("facts", _DOCUMENT, nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incidents.id"],
        ),
        sa.PrimaryKeyConstraint("path"),
    )
    op.create_index("ix_documents_content_hash", "documents", ["content_hash"])
    op.create_index("ix_documents_incident_id", "documents", ["incident_id"])


def _facets() -> None:
    op.create_table(
        "facets",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("incident_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incidents.id"],
        ),
        sa.PrimaryKeyConstraint("kind", "value", "incident_id"),
    )
    op.create_index("facets_of_incident", "facets", ["incident_id"])


def _judgements() -> None:
    op.create_table(
        "judgements",
        sa.Column("incident_id", sa.String(), nullable=False),
        sa.Column("earlier_id", sa.String(), nullable=False),
        sa.Column("is_same", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["earlier_id"],
            ["incidents.id"],
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incidents.id"],
        ),
        sa.PrimaryKeyConstraint("incident_id", "earlier_id"),
    )


def _measurements() -> None:
    op.create_table(
        "measurements",
        sa.Column("incident_id", sa.String(), nullable=False),
        sa.Column("document", _DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incidents.id"],
        ),
        sa.PrimaryKeyConstraint("incident_id"),
    )


def _postmortem_versions() -> None:
    op.create_table(
        "postmortem_versions",
        sa.Column("incident_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("markdown", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incidents.id"],
        ),
        sa.PrimaryKeyConstraint("incident_id", "version"),
    )


def _postmortems() -> None:
    op.create_table(
        "postmortems",
        sa.Column("incident_id", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incidents.id"],
        ),
        sa.PrimaryKeyConstraint("incident_id"),
    )
    op.create_index("postmortems_by_state", "postmortems", ["state", "updated_at"])
    op.create_index("postmortems_newest", "postmortems", ["updated_at", "incident_id"])


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"],
            ["accounts.name"],
        ),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("ix_sessions_account", "sessions", ["account"])


def _sign_offs() -> None:
    op.create_table(
        "sign_offs",
        sa.Column("incident_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incidents.id"],
        ),
        sa.PrimaryKeyConstraint("incident_id", "version", "person"),
    )


def _texts() -> None:
    op.create_table(
        "texts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("incident_id", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("timeline", sa.Text(), nullable=False),
        sa.Column("postmortem", sa.Text(), nullable=False),
        sa.Column("actions", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incidents.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("incident_id"),
    )
    op.create_index("texts_of_incidents", "texts", ["id", "incident_id"])


def _timeline_entries() -> None:
    op.create_table(
        "timeline_entries",
        sa.Column("incident_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("supersedes", sa.Integer()),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incidents.id"],
        ),
        sa.PrimaryKeyConstraint("incident_id", "number"),
    )


def _tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("scopes", _DOCUMENT, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["account"],
            ["accounts.name"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hash"),
    )
    op.create_index("ix_tokens_account", "tokens", ["account"])
