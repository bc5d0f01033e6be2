"""The SQL of this room: one query per file in `sql/`, chosen by server version.

`sessions.pg14.sql` holds from PostgreSQL 14 on, `tables.sql` for every version; the closest lower version wins.
`{mask}` and `{tags}` stand for the files of these names. Whole-line comments stay at home.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

#: Server versions below this are not read.
OLDEST_MAJOR = 14
_OURS = "/*application='failonce'*/"
_FRAGMENTS = ("mask", "tags")
_COMMENT = re.compile(r"^\s*--.*\n", re.MULTILINE)
_FILE = re.compile(r"(?P<name>\w+)(?:\.pg(?P<major>\d+))?\.sql")


@cache
def query(name: str, server_version: int) -> str:
    """Return the query for a server of this version (as server_version_num has it: 150018)."""
    text = _read(name, server_version // 10_000)
    for fragment in _FRAGMENTS:
        text = text.replace(f"{{{fragment}}}", _read(fragment, 0))
    return ours(text)


def ours(statement: str) -> str:
    """Mark a statement as ours, so that it can be told apart whatever role it runs under.

    Behind the first word, for pg_stat_statements loses a leading comment from PostgreSQL 18 on.

    >>> ours("SELECT 1")
    "SELECT /*application='failonce'*/ 1"
    """
    command, rest = statement.split(maxsplit=1)
    return f"{command} {_OURS} {rest}"


def _read(name: str, major: int) -> str:
    """Return the text of the file whose version is the closest to `major` from below."""
    found = {
        int(match["major"] or 0): file
        for file in files("failonce.observe.sql").iterdir()
        if (match := _FILE.fullmatch(file.name)) and match["name"] == name
    }
    best = max(version for version in found if version <= max(major, 0))
    return _COMMENT.sub("", found[best].read_text(encoding="utf-8")).strip()
