"""Deleting a row makes PostgreSQL look for rows that refer to it, and there is no index to look in.

What it sees
    A DELETE, or an UPDATE of the key, on a table that a large table refers to by a foreign key whose columns begin no
    index. The statement's own plan does not show it: the look-up is done by a trigger.

Why it matters
    One deleted row reads the whole referring table; a cascade does so for each row it deletes. The statement looks
    harmless, EXPLAIN says so too, and it holds its locks meanwhile.

What to do
    Build an index on the referring columns, with CREATE INDEX CONCURRENTLY.

Example
    delete from cooks where id = $1
    CREATE INDEX CONCURRENTLY ON reviews (cook_id);
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from failonce.amount import amount
from failonce.guard.case import Case, Found

ID = "foreign-key-scan"
SEVERITY = "error"


def check(case: Case) -> Iterator[Found]:
    """Yield each large table that has to be searched whole."""
    target = _target(case.tree)
    for key in case.structure.foreign_keys if target else ():
        if key.references != target or not case.is_large(key.table):
            continue
        if not case.structure.serves(key.table, key.columns):
            columns = ", ".join(key.columns)
            rows = amount(case.structure.rows(key.table))
            message = f"Each row of {target} deleted reads all of {key.table}, {rows} rows: {columns} has no index."
            instead = f"CREATE INDEX CONCURRENTLY ON {key.table} ({columns});"
            yield Found(message, instead, f"Trigger for constraint {key.name} ({key.on_delete})")


def _target(tree: exp.Expr | None) -> str | None:
    """Return the table whose keys go or change."""
    if not isinstance(tree, exp.Delete | exp.Update) or not isinstance(tree.this, exp.Table):
        return None
    if isinstance(tree, exp.Update) and not any(_sets_id(change) for change in tree.expressions):
        return None
    return ".".join(part.name for part in tree.this.parts).removeprefix("public.")


def _sets_id(change: exp.Expr) -> bool:
    """Tell whether an assignment is to what is most often the key."""
    return isinstance(change, exp.EQ) and change.this.name == "id"
