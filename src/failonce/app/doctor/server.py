"""What the monitoring role can see on the server: the checks that ask it in SQL.

Every question runs in a read-only transaction of its own with its own timeouts, and changes nothing. A question the
server refuses is a check with that reason, never an end to the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import psycopg

from failonce.app.doctor.check import Answer, Check, Question, error, ok, unknown, warning
from failonce.app.doctor.login import Connection, plain, reading

_TAG_SIZE_BYTES = 4096
_CLOCK_OFF_S = 1.0
# The watch holds two connections at most, so more than two means a second one.
_OWN_SESSIONS = 2


@dataclass(frozen=True, slots=True)
class Server:
    """An open connection, and what hints need to name."""

    connection: Connection

    def row(self, query: str) -> tuple[Any, ...]:
        found = self.connection.execute(query).fetchone()
        return tuple(found) if found else ()

    @property
    def version(self) -> int:
        return self.connection.info.server_version

    @property
    def role(self) -> str:
        return str(self.row("select quote_ident(current_user)")[0])

    @property
    def database(self) -> str:
        return str(self.row("select quote_ident(current_database())")[0])


Asked = TypeVar("Asked", bound=Server)


def examine(connection: Connection) -> tuple[Check, ...]:
    """Ask every question of the server."""
    return tuple(ask(question, Server(connection)) for question in QUESTIONS)


def ask(question: Question[Asked], server: Asked) -> Check:
    """Ask one question in a transaction of its own."""
    try:
        with reading(server.connection):
            return question.check(server)
    except psycopg.Error as problem:
        return question.answered(unknown(plain(problem), "Once the server is calm: failonce doctor"))


def _version(server: Server) -> Answer:
    major, minor = divmod(server.version, 10_000)
    if server.version < 130_000:
        return error(f"{major}.{minor % 100}", "Upgrade PostgreSQL: https://www.postgresql.org/support/versioning")
    return ok(f"{major}.{minor}")


def _superuser(server: Server) -> Answer:
    if server.row("select rolsuper from pg_roles where rolname = current_user") == (True,):
        return warning(
            f"{server.role} is a superuser",
            "CREATE ROLE failonce LOGIN PASSWORD '...'; GRANT pg_monitor TO failonce; and use it in the DSN",
        )
    return ok(f"{server.role} is an ordinary role")


def _pg_monitor(server: Server) -> Answer:
    if server.row("select pg_has_role(current_user, 'pg_monitor', 'usage')") == (True,):
        return ok(f"{server.role} has pg_monitor")
    return error(f"{server.role} does not have pg_monitor", f"GRANT pg_monitor TO {server.role};")


def _preloaded(server: Server) -> Answer:
    # The library defines this setting, and every role may read it; shared_preload_libraries only pg_monitor may.
    (most,) = server.row("select current_setting('pg_stat_statements.max', true)")
    if most:
        return ok(f"loaded, for up to {most} statements")
    return error(
        "not in shared_preload_libraries",
        "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'; (with what is there already) and restart",
    )


def _extension(server: Server) -> Answer:
    found = server.row("select extversion from pg_extension where extname = 'pg_stat_statements'")
    if found:
        return ok(f"version {found[0]} in {server.database}")
    return error(
        f"not created in {server.database}",
        f"In {server.database}, as an administrator: CREATE EXTENSION pg_stat_statements;",
    )


def _readable(server: Server) -> Answer:
    place = server.row(
        "select quote_ident(nspname) from pg_extension join pg_namespace n on n.oid = extnamespace"
        " where extname = 'pg_stat_statements'"
    )
    if not place:
        return unknown("the extension is not there")
    try:
        with server.connection.transaction():
            statements, named = server.row(f"select count(*), count(queryid) from {place[0]}.pg_stat_statements(false)")
    except psycopg.Error as problem:
        return error(plain(problem), f"GRANT USAGE ON SCHEMA {place[0]} TO {server.role};")
    if named < statements:
        return error(
            f"{statements - named} of {statements} statements are hidden from {server.role}",
            f"GRANT pg_monitor TO {server.role};",
        )
    return ok(f"{statements} statements")


def _query_id(server: Server) -> Answer:
    (value,) = server.row("select current_setting('compute_query_id', true)")
    if value is None:
        return ok("PostgreSQL 13 has none; sessions are matched by their text")
    if value == "off":
        return warning("compute_query_id = off", "ALTER SYSTEM SET compute_query_id = 'auto'; SELECT pg_reload_conf();")
    return ok(f"compute_query_id = {value}")


def _text_size(server: Server) -> Answer:
    (size, shown) = server.row(
        "select setting::int, current_setting(name) from pg_settings where name = 'track_activity_query_size'"
    )
    if size < _TAG_SIZE_BYTES:
        return warning(f"texts are cut at {shown}", "ALTER SYSTEM SET track_activity_query_size = '16kB'; and restart")
    return ok(f"texts up to {shown}")


def _io_timing(server: Server) -> Answer:
    (value,) = server.row("select current_setting('track_io_timing')")
    if value == "off":
        return warning("track_io_timing = off", "ALTER SYSTEM SET track_io_timing = on; SELECT pg_reload_conf();")
    return ok("track_io_timing = on")


def _headroom(server: Server) -> Answer:
    used, most, kept = server.row(
        "select (select sum(numbackends)::int from pg_stat_database), current_setting('max_connections')::int,"
        " current_setting('superuser_reserved_connections')::int"
        " + coalesce(current_setting('reserved_connections', true), '0')::int"
    )
    found = f"{used} of {most - kept} connections in use"
    if used < 0.9 * (most - kept):
        return ok(found)
    if server.version < 160_000:
        return warning(found, f"ALTER SYSTEM SET max_connections = {most + 20}; and restart, or lower a pool's size")
    return warning(
        found,
        f"ALTER SYSTEM SET reserved_connections = 2; GRANT pg_use_reserved_connections TO {server.role}; and restart",
    )


def _statement_timeout(server: Server) -> Answer:
    # What this session began with; our own `set local` does not change it.
    (timeout_ms,) = server.row("select reset_val::int from pg_settings where name = 'statement_timeout'")
    (roles,) = server.row(
        "select string_agg(coalesce(rolname, 'every role'), ', ') from pg_db_role_setting"
        " left join pg_roles on pg_roles.oid = setrole, unnest(setconfig) as setting"
        " where setting like 'statement\\_timeout=%' and setting <> 'statement_timeout=0'"
        " and setdatabase in (0, (select oid from pg_database where datname = current_database()))"
    )
    if timeout_ms:
        return ok(f"statements end after {timeout_ms / 1000:g} s")
    if roles:
        return ok(f"set for {roles}")
    return warning(
        "none is set on the server: a statement may run for ever, unless the application sets one itself",
        f"ALTER DATABASE {server.database} SET statement_timeout = '30s';",
    )


def _own_sessions(server: Server) -> Answer:
    (count, pids) = server.row(
        "select count(*), string_agg(pid::text, ', ') from pg_stat_activity"
        " where application_name like 'failonce%' and pid <> pg_backend_pid() and datname = current_database()"
    )
    if count > _OWN_SESSIONS:
        return warning(f"{count} other sessions of failonce: {pids}", "ps aux | grep failonce, and stop all but one")
    return ok(f"{count} other sessions of failonce" if count else "none but this")


def _clock(server: Server) -> Answer:
    before = datetime.now(UTC)
    (there,) = server.row("select clock_timestamp()")
    return clocks(there, before, datetime.now(UTC))


def clocks(there: datetime, before: datetime, after: datetime) -> Answer:
    """Compare the server's clock with ours, read just before and after: the way there and back is doubt."""
    doubt = (after - before) / 2
    off_s = (there - (before + doubt)).total_seconds()
    if abs(off_s) <= _CLOCK_OFF_S + doubt.total_seconds():
        return ok(f"{abs(off_s) * 1000:.0f} ms apart")
    side = "ahead of" if off_s > 0 else "behind"
    return warning(f"the server's clock is {abs(off_s):.1f} s {side} this machine's", "On both: timedatectl status")


QUESTIONS: tuple[Question[Server], ...] = (
    Question("D003", "PostgreSQL is 13 or newer", "Older ones lack the views failonce reads.", _version),
    Question(
        "D004",
        "The role is not a superuser",
        "A monitor that can change nothing can break nothing, and its leaked password is worth little.",
        _superuser,
    ),
    Question(
        "D005",
        "The role has pg_monitor",
        "Without it other roles' sessions and statements are hidden, and with them the culprit.",
        _pg_monitor,
    ),
    Question(
        "D006",
        "pg_stat_statements is loaded",
        "It counts the work of every statement; without it only what runs at the moment is seen.",
        _preloaded,
    ),
    Question(
        "D007",
        "pg_stat_statements is created in this database",
        "The counters exist on the server, but are read through this extension.",
        _extension,
    ),
    Question("D008", "pg_stat_statements can be read", "A hidden statement can be the culprit.", _readable),
    Question(
        "D009",
        "Sessions tell their query's ID",
        "It ties a running session to its statement's history, even when its text is cut off.",
        _query_id,
    ),
    Question(
        "D010",
        "Sessions show long statements whole",
        "A text that is cut off cannot be told from another that begins alike, nor planned.",
        _text_size,
    ),
    Question(
        "D011",
        "Reads and writes are timed",
        "Without it a slow disk and a busy processor look the same inside PostgreSQL.",
        _io_timing,
    ),
    Question(
        "D012",
        "There are connections to spare",
        "In an outage they fill up first; a watch that begins then stays outside.",
        _headroom,
    ),
    Question(
        "D013",
        "Statements end by themselves",
        "Without a statement_timeout one runaway statement holds its connection and locks until someone comes.",
        _statement_timeout,
    ),
    Question("D014", "No second failonce is watching", "Two watches cost twice and tell the same.", _own_sessions),
    Question(
        "D015",
        "The clocks agree",
        "The timeline puts the server's and this machine's events in one order.",
        _clock,
    ),
)
