"""The server lacks fixes that have been released, or gets none any more.

What it sees
    The server's version against the newest minor release that this failonce knows of, and the day its major version
    ends.

Why it matters
    Minor releases mend wrong results, lost data and security holes, and need no more than a restart. After its last
    day a major version gets none.

What to do
    Install the newest minor release and restart; plan the upgrade of a major version a year ahead.

Example
    16.3, and 16.14 has been released
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from failonce.guard.health import ERROR, NOT_CHECKED, WARNING, Answer, Row, Server, ok

ID = "patch-level"
TITLE = "The server has all known fixes"
#: Newest minor release known, and the last day (https://www.postgresql.org/support/versioning/).
_KNOWN = {
    14: (23, date(2026, 11, 12)),
    15: (18, date(2027, 11, 11)),
    16: (14, date(2028, 11, 9)),
    17: (10, date(2029, 11, 8)),
    18: (6, date(2030, 11, 14)),
}
QUERY = """
select 1 as nothing
"""


def check(rows: Sequence[Row], server: Server) -> Answer:
    """Return what is missing."""
    minor = server.version % 10_000
    shown = f"{server.major}.{minor}"
    newest, ends = _KNOWN.get(server.major, (None, None))
    if newest is None or ends is None:
        if server.major < min(_KNOWN):
            return Answer(ERROR, f"{shown} gets no fixes any more", "Upgrade to a supported major version.")
        return Answer(NOT_CHECKED, f"{shown} is newer than this failonce knows")
    if ends <= server.today:
        return Answer(ERROR, f"{shown} gets no fixes since {ends}", "Upgrade to a supported major version.")
    if minor < newest:
        return Answer(WARNING, f"{shown}, and {server.major}.{newest} has been released", "Install it and restart.")
    return ok(f"{shown}; supported until {ends}")
