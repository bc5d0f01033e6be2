"""Settings that are dangerous, or too small for the machine and the data.

What it sees
    fsync, full_page_writes and autovacuum turned off; work_mem times max_connections against the machine's memory;
    shared_buffers as shipped under a database ten times its size. The memory is known when the database runs here.

Why it matters
    The first three lose data or fill up; too large a work_mem ends in the kernel killing the server; shared_buffers as
    shipped reads from the disk what memory had room for.

What to do
    ALTER SYSTEM SET as shown, one at a time, and look again.

Example
    work_mem 64 MB × 500 connections = 31 GB, and the machine has 16 GB
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from failonce.amount import size
from failonce.guard.health import ERROR, WARNING, Answer, Row, Server, listed, ok

ID = "settings"
TITLE = "The settings fit the machine"
_MB, _SESSIONS, _SHIPPED = 1 << 20, 100, 128 << 20
QUERY = """
select 1 as nothing
"""


def check(rows: Sequence[Row], server: Server) -> Answer:
    """Return each setting that does not fit."""
    found = list(_misfits(server))
    if not found:
        unknown = "" if server.memory_bytes else "; the machine's memory is not known from here"
        return ok(f"nothing dangerous{unknown}")
    state = ERROR if any(instead.endswith("on;") for _, instead in found) else WARNING
    return Answer(state, listed([told for told, _ in found]), found[0][1])


def _misfits(server: Server) -> Iterator[tuple[str, str]]:
    """Yield what does not fit, and what to set instead."""
    for name in ("fsync", "full_page_writes", "autovacuum"):
        if server.settings.get(name) == "off":
            yield f"{name} is off", f"ALTER SYSTEM SET {name} = on;"
    sorting = server.number("work_mem") * 1024 * server.number("max_connections")
    if server.memory_bytes and sorting > server.memory_bytes:
        told = f"work_mem × max_connections = {size(sorting)}, and the machine has {size(server.memory_bytes)}"
        yield told, f"ALTER SYSTEM SET work_mem = '{max(server.memory_bytes // 4 // _MB // _SESSIONS, 4)}MB';"
    buffers = server.number("shared_buffers") * 8192
    if buffers <= _SHIPPED and server.database_bytes > 10 * buffers:
        told = f"shared_buffers is {size(buffers)} for {size(server.database_bytes)} of data"
        yield told, "ALTER SYSTEM SET shared_buffers = 'a quarter of the memory'; and restart"
