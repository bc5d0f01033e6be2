"""The search index over `texts`, in each database's own words: FTS5 in SQLite, a tsvector in PostgreSQL.

The database keeps it up to date itself, in the transaction that changes a text, so that search never lags behind.
"""

from __future__ import annotations

from sqlalchemy import DDL, event

from failonce.store.tables import texts

#: The columns that are searched; the earlier, the more a match counts.
COLUMNS = ("title", "actions", "postmortem", "timeline")
_NAMES = ", ".join(COLUMNS)
_OLD, _NEW = (", ".join(f"{row}.{name}" for name in COLUMNS) for row in ("old", "new"))

SQLITE = (
    f"CREATE VIRTUAL TABLE words USING fts5({_NAMES}, content='texts', content_rowid='id',"
    " tokenize='porter unicode61 remove_diacritics 2')",
    f"CREATE TRIGGER texts_inserted AFTER INSERT ON texts BEGIN"
    f" INSERT INTO words(rowid, {_NAMES}) VALUES (new.id, {_NEW}); END",
    f"CREATE TRIGGER texts_deleted AFTER DELETE ON texts BEGIN"
    f" INSERT INTO words(words, rowid, {_NAMES}) VALUES ('delete', old.id, {_OLD}); END",
    f"CREATE TRIGGER texts_updated AFTER UPDATE ON texts BEGIN"
    f" INSERT INTO words(words, rowid, {_NAMES}) VALUES ('delete', old.id, {_OLD});"
    f" INSERT INTO words(rowid, {_NAMES}) VALUES (new.id, {_NEW}); END",
)
_WEIGHED = " || ".join(
    f"setweight(to_tsvector('english', {name}), '{weight}')" for name, weight in zip(COLUMNS, "ABCD", strict=True)
)
POSTGRESQL = (
    f"ALTER TABLE texts ADD COLUMN words tsvector GENERATED ALWAYS AS ({_WEIGHED}) STORED",
    "CREATE INDEX texts_words ON texts USING gin (words)",
)

for _dialect, _statements in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
    for _statement in _statements:
        event.listen(texts, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
