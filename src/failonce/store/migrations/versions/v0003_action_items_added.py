"""When each action item came into the book, as the audit log tells."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID = {"sqlite": "json_extract(a.detail, '$.id')", "postgresql": "a.detail ->> 'id'"}


def upgrade() -> None:
    """Take the step."""
    op.add_column("action_items", sa.Column("added_at", sa.DateTime(timezone=True)))
    named = _ID[op.get_bind().dialect.name]
    op.execute(
        sa.text(
            "UPDATE action_items SET added_at = (SELECT min(a.at) FROM audit_entries a WHERE a.act = 'action.added'"
            f" AND a.incident_id = action_items.incident_id AND {named} = action_items.id)"
        )
    )
