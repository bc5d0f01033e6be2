"""The layouts before Alembic, numbers 1 and 2, as one: incidents in one column, documents beside them. SQLite only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Take the step."""
    op.create_table("schema_version", sa.Column("version", sa.Integer, nullable=False))
