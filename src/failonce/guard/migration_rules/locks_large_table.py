"""The statement reads or rewrites a whole large table while nobody else may write to it, or read it.

What it sees
    On a table that production has and that is large (`large_rows`): CREATE INDEX and REINDEX without CONCURRENTLY,
    a column type that has to be rewritten, SET NOT NULL, a CHECK, FOREIGN KEY, UNIQUE or PRIMARY KEY constraint that is
    checked at once, a stored generated or serial column, VACUUM FULL, CLUSTER, REFRESH MATERIALIZED VIEW. A table that
    the same migration made is empty, so nothing is said of it.

Why it matters
    On a small table it takes no time and every test passes. On the large one it takes minutes, the lock is held all
    the while, and every request that needs the table waits with a connection in hand until the pool is empty.

What to do
    Build indexes with CONCURRENTLY; add constraints NOT VALID and validate them in a transaction of their own; add a
    new column, fill it in batches, and switch.

Example
    alter table reviews alter column rating type bigint;
    rewrites 1.5 million rows under ACCESS EXCLUSIVE
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.amount import amount
from failonce.guard.case import Found
from failonce.guard.migration import Step

ID = "locks-large-table"
SEVERITY = "error"
_CONSTRAINT = r"add (?:constraint \S+ )?"
_NOT_VALID = "Add it NOT VALID, then VALIDATE CONSTRAINT in a transaction of its own."
_BACKFILL = "Add a plain column, fill it in batches, then switch."
_SELF_MADE = r"generated always as \(|(?:big|small)?serial\b|generated .* as identity"
#: What it does, the form it has, and what to write instead.
_FORMS = (
    ("builds an index on", r"create (?:unique )?index (?!concurrently)", "CREATE INDEX CONCURRENTLY."),
    ("rebuilds the indexes of", r"reindex (?!.*concurrently)", "REINDEX CONCURRENTLY."),
    ("reads all of", r".* alter (?:column )?\S+ set not null", f"First a CHECK (... IS NOT NULL). {_NOT_VALID}"),
    ("reads all of", rf".* {_CONSTRAINT}check(?!.*not valid)", _NOT_VALID),
    ("reads all of", rf".* {_CONSTRAINT}foreign key(?!.*not valid)", _NOT_VALID),
    ("builds an index on", rf".* {_CONSTRAINT}(?:unique|primary key) ?\(", "CREATE UNIQUE INDEX CONCURRENTLY first."),
    ("rewrites", rf".* add (?:column )?.* (?:{_SELF_MADE})", _BACKFILL),
    ("rewrites", r"vacuum \(?full|cluster ", "pg_repack, or let autovacuum reuse the room."),
    ("rewrites", r"refresh materialized view (?!concurrently)", "REFRESH MATERIALIZED VIEW CONCURRENTLY."),
    ("rewrites", r".* set (?:un)?logged|.* set tablespace", "Fill a new table in batches, then switch names."),
)
_FORMS_READ = tuple((what, re.compile(pattern), instead) for what, pattern, instead in _FORMS)
_TYPE = re.compile(r".* alter (?:column )?\"?(?P<column>[\w$]+)\"? (?:set data )?type (?P<type>[\w ]+(?:\([\d, ]+\))?)")
_TEXTS = re.compile(r"(?:character varying|varchar|text)(?:\((?P<most>\d+)\))?$")
_MOST = 10**9


def check(step: Step) -> Iterator[Found]:
    """Yield what the statement does to its large table."""
    if not step.is_on_large or step.table is None:
        return
    size = f"{step.table.name}, {amount(step.table.rows)} rows"
    for what, pattern, instead in _FORMS_READ:
        if pattern.match(step.text):
            yield Found(f"It {what} {size}, and nobody writes to it meanwhile.", instead)
            return
    retyped = _TYPE.match(step.text)
    if retyped and not _is_free(step.table.type_of(retyped["column"]), retyped["type"].strip()):
        message = f"It rewrites {size}, for the type of {retyped['column']}, and nobody reads it meanwhile."
        yield Found(message, "Add a column of the new type, fill it in batches, then switch.")


def _is_free(old: str, new: str) -> bool:
    """Tell whether a text only gets more room: then nothing is rewritten."""
    before, after = _TEXTS.match(old), _TEXTS.match(new)
    if before is None or after is None:
        return False
    return int(after["most"] or _MOST) >= int(before["most"] or _MOST)
