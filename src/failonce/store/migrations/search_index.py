"""The search index as step 0002 makes it: FTS5 on SQLite, a tsvector on PostgreSQL. Frozen with that step."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

_SEARCHED = ("title", "actions", "postmortem", "timeline")


def make(dialect: str) -> None:
    """Make the index, and on SQLite the triggers that keep it up to date."""
    names = ", ".join(_SEARCHED)
    old, new = (", ".join(f"{row}.{name}" for name in _SEARCHED) for row in ("old", "new"))
    delete = f"INSERT INTO words(words, rowid, {names}) VALUES ('delete', old.id, {old});"
    insert = f"INSERT INTO words(rowid, {names}) VALUES (new.id, {new});"
    weighed = " || ".join(
        f"setweight(to_tsvector('english', {name}), '{weight}')" for name, weight in zip(_SEARCHED, "ABCD", strict=True)
    )
    statements = {
        "sqlite": (
            f"CREATE VIRTUAL TABLE words USING fts5({names}, content='texts', content_rowid='id',"
            " tokenize='porter unicode61 remove_diacritics 2')",
            f"CREATE TRIGGER texts_inserted AFTER INSERT ON texts BEGIN {insert} END",
            f"CREATE TRIGGER texts_deleted AFTER DELETE ON texts BEGIN {delete} END",
            f"CREATE TRIGGER texts_updated AFTER UPDATE ON texts BEGIN {delete} {insert} END",
        ),
        "postgresql": (
            f"ALTER TABLE texts ADD COLUMN words tsvector GENERATED ALWAYS AS ({weighed}) STORED",
            "CREATE INDEX texts_words ON texts USING gin (words)",
        ),
    }
    for statement in statements[dialect]:
        op.execute(sa.text(statement.replace(":", "\\:")))
