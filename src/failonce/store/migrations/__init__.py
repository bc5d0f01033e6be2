"""From any released layout of the store to the newest: one file per step, run by Alembic."""
