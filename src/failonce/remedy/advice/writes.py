"""What an index costs each write, in words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from failonce.remedy.advice.ddl import Candidate

_MB = 1_000_000


def writes(indexes: Sequence[Candidate], size: int) -> str:
    """Say who pays for these indexes.

    >>> from failonce.remedy.advice.ddl import index
    >>> writes([index("jobs", ["run_at"])], 2_600_000)
    'About 3 MB. Each INSERT into jobs writes one more index; an UPDATE of run_at is no longer heap-only.'
    """
    told = [f"About {max(1, round(size / _MB)):,} MB."]
    for index in indexes:
        body = index.sql.partition(" USING ")[2]
        if body.startswith("brin"):
            told.append(f"An INSERT into {index.relation} costs next to nothing more.")
            continue
        more = "an index entry for each part of the value" if body.startswith("gin") else "one more index"
        some = " that is in it" if " WHERE " in body else ""
        columns = ", ".join(dict.fromkeys(_columns(body)))
        told.append(
            f"Each INSERT into {index.relation}{some} writes {more}; an UPDATE of {columns} is no longer heap-only."
        )
    return " ".join(told)


def _columns(body: str) -> list[str]:
    """Return the words of an index that may be columns."""
    plain = re.sub(r"'(?:[^']|'')*'(?:::[\w ]+)?|::[\w ]+|\w+_ops\b", "", body.partition(" ")[2])
    words = re.findall(r"[a-z_][\w$]*(?!\()\b(?!\()", plain)
    return [word for word in words if word not in {"btree", "gin", "where"}]
