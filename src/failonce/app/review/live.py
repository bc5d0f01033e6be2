"""Review a running database: its schema, its indexes, its settings and the statements it spends its time on.

One connection, read-only, under the monitoring role; a dozen statements on the catalog, each with a timeout.
"""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import psutil
import psycopg
from psycopg.rows import dict_row

from failonce import plugins, sqltext
from failonce.app import dsn as dsns
from failonce.app.doctor import login
from failonce.app.review.options import ReviewOptions
from failonce.app.review.statements import Outcome, Sources, is_planned, review_statements
from failonce.guard.health import ERROR, NOT_CHECKED, OK, WARNING, Line, Server
from failonce.guard.statement import Place, Rate, Statement
from failonce.model.errors import DatabaseUnreachable, FailonceError

HEALTH_RULES = "failonce.guard.health_rules"
#: Statements looked at: those that took most of the server's time.
TOP = 10
_SERVER = """
select current_setting('server_version_num')::int as version, quote_ident(current_user) as role,
       pg_database_size(current_database()) as database_bytes,
       (select extract(epoch from now() - coalesce(stats_reset, pg_postmaster_start_time()))::float8 / 86400
          from pg_stat_database where datname = current_database()) as counting_days
"""
_SETTINGS = "select name, setting from pg_settings"
_TOP = """
select query, calls, total_exec_time as total_ms, total_exec_time / greatest(sum(total_exec_time) over (), 1) as share,
       extract(epoch from now() - (select stats_reset from {schema}.pg_stat_statements_info))::float8 as seconds
  from {schema}.pg_stat_statements
 where dbid = (select oid from pg_database where datname = current_database())
   and query not ilike '%application=''failonce''%' and query not ilike '%pg_stat_%'
 order by total_exec_time desc limit {top}
"""
#: The server must have counted for this long before a day's growth is told from it: an hour.
_COUNTED_DAYS = 1 / 24
_GROWTH = """
select schemaname || '.' || relname as name, (n_tup_ins - n_tup_del)::float8 as gained
  from pg_stat_user_tables where n_tup_ins > n_tup_del
"""
#: What pg_stat_statements shows of others' texts to who may not read them.
_HIDDEN = "<insufficient privilege>"
_SCHEMA = """
select quote_ident(nspname) as name, has_schema_privilege(n.oid, 'usage') as usable
  from pg_extension join pg_namespace n on n.oid = extnamespace
 where extname = 'pg_stat_statements'
"""


@dataclass(frozen=True, slots=True)
class _Unseen:
    """What could not be seen, empty when nothing; and what shows it."""

    what: str
    instead: str


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page."""

    database: str
    lines: tuple[Line, ...]
    #: The top statements, reviewed; None when there is no twin to plan them on.
    statements: Outcome | None
    #: Each top statement's share of the server's time, by fingerprint.
    shares: dict[str, float]
    seconds: float

    @property
    def is_healthy(self) -> bool:
        """Tell whether nothing is in error."""
        return not any(line.state == ERROR for line in self.lines)


def review_live(dsn: str, options: ReviewOptions) -> Page:
    """Look at a running database. Raises DatabaseUnreachable, UsageError."""
    started = datetime.now(UTC)
    where = dsns.target(dsn, where="--dsn")
    attempt = login.knock(where.dsn)
    if attempt.connection is None:
        raise DatabaseUnreachable(
            f"The database cannot be looked at: {attempt.refusal}", hint="failonce doctor --dsn DSN"
        )
    with closing(attempt.connection) as connection:
        connection.row_factory = dict_row
        server = _server(connection, local=where.local)
        rules = plugins.load(HEALTH_RULES).values()
        lines = [_line(connection, rule, server) for rule in rules]
        top, unseen = _top(connection, server)
        gained = growth(connection, server)
    sources = Sources(tuple(each for each, _ in top), growth=gained)
    statements, line = _reviewed(sources, unseen, replace(options, dsn=options.dsn or dsn))
    shares = {each.fingerprint: share for each, share in top}
    took = (datetime.now(UTC) - started).total_seconds()
    return Page(where.name, (*sorted(lines, key=_worst_first), line), statements, shares, took)


def _server(connection: psycopg.Connection[Any], *, local: bool) -> Server:
    with login.reading(connection):
        found = connection.execute(_SERVER.encode()).fetchone()
        settings = {row["name"]: row["setting"] for row in connection.execute(_SETTINGS)}
    assert found is not None, "a select without a table has one row"
    memory = psutil.virtual_memory().total if local else None
    return Server(settings=settings, today=datetime.now(UTC).date(), memory_bytes=memory, **found)


def _line(connection: psycopg.Connection[Any], rule: ModuleType, server: Server) -> Line:
    try:
        with login.reading(connection):
            rows = [_unqualified(row) for row in connection.execute(rule.QUERY.encode())]
    except psycopg.Error as problem:
        return _made(rule, NOT_CHECKED, f"not seen: {login.plain(problem)}", _to_see(problem, server))
    answer = rule.check(rows, server)
    return _made(rule, answer.state, answer.found, answer.instead)


def _to_see(problem: psycopg.Error, server: Server) -> str:
    """Return what lets the role see what it could not."""
    if isinstance(problem, psycopg.errors.InsufficientPrivilege):
        schema = re.search(r"permission denied for schema (\S+)", str(problem))
        return (
            f"GRANT USAGE ON SCHEMA {schema[1]} TO {server.role};" if schema else f"GRANT pg_monitor TO {server.role};"
        )
    return "Ask again when the server is calm."


def _unqualified(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with names as people write them: `public` left out."""
    return {key: value.removeprefix("public.") if isinstance(value, str) else value for key, value in row.items()}


def _made(rule: ModuleType, state: str, found: str, instead: str) -> Line:
    return Line(rule.ID, state, rule.TITLE, found, plugins.why(rule.__doc__ or ""), instead)


def _top(connection: psycopg.Connection[Any], server: Server) -> tuple[list[tuple[Statement, float]], _Unseen]:
    """Return the statements that took most time with their shares, and what of them could not be seen."""
    try:
        with login.reading(connection):
            schema = connection.execute(_SCHEMA.encode()).fetchone()
            if schema is None:
                create = "CREATE EXTENSION pg_stat_statements; it needs shared_preload_libraries and a restart."
                return [], _Unseen("pg_stat_statements is not created in this database", create)
            if not schema["usable"]:
                grant = f"GRANT USAGE ON SCHEMA {schema['name']} TO {server.role};"
                return [], _Unseen(f"pg_stat_statements is in the schema {schema['name']}", grant)
            rows = connection.execute(_TOP.format(schema=schema["name"], top=TOP).encode()).fetchall()
    except psycopg.Error as problem:
        return [], _Unseen(login.plain(problem), _to_see(problem, server))
    hidden = sum(row["query"] == _HIDDEN for row in rows)
    read = [row for row in rows if is_planned(row["query"] or "")]
    top = [(_statement(row, number), row["share"]) for number, row in enumerate(read, start=1)]
    if hidden:
        texts = f"the texts of {hidden} of the {len(rows)} dearest statements"
        return top, _Unseen(texts, f"GRANT pg_read_all_stats TO {server.role}; pg_monitor has it.")
    return top, _Unseen("" if top else "none was counted yet", "" if top else "Ask again when there was some load.")


def _statement(row: dict[str, Any], number: int) -> Statement:
    seconds, calls = row["seconds"] or 0, row["calls"]
    rate = Rate(calls / seconds, row["total_ms"] / calls / 1000) if seconds and calls else None
    place = Place("pg_stat_statements", number)
    return Statement(row["query"], sqltext.fingerprint(row["query"]), (place,), rate=rate)


def growth(connection: psycopg.Connection[Any], server: Server) -> dict[str, float]:
    """Return the rows that each table gains a day; nothing where the server has not counted for long."""
    if server.counting_days is None or server.counting_days < _COUNTED_DAYS:
        return {}
    with login.reading(connection):
        rows = [_unqualified(row) for row in connection.execute(_GROWTH.encode())]
    return {row["name"]: row["gained"] / server.counting_days for row in rows}


def _reviewed(sources: Sources, unseen: _Unseen, options: ReviewOptions) -> tuple[Outcome | None, Line]:
    """Review the top statements on a twin, if one can be had; what could not be seen of them stays said."""
    also = f"; not seen: {unseen.what}" if unseen.what else ""
    if not sources.statements:
        return None, _statement_line(NOT_CHECKED, f"not seen: {unseen.what}", unseen.instead)
    try:
        outcome = review_statements(sources, options)
    except FailonceError as problem:
        return None, _statement_line(NOT_CHECKED, f"{problem}{also}", f"{problem.hint} {unseen.instead}".strip())
    found = sum(len(report.findings) for report in outcome.reports)
    planned = f"{outcome.statements} of them"
    if not found:
        return outcome, _statement_line(OK, f"{planned}, without a finding{also}", unseen.instead)
    state = ERROR if outcome.errors else WARNING
    return outcome, _statement_line(
        state, f"{found} findings on {planned}, below{also}", f"See below. {unseen.instead}"
    )


def _statement_line(state: str, found: str, instead: str) -> Line:
    why = "They are what the server spends its time on."
    return Line("top-statements", state, "The top statements are planned well", found, why, instead.strip())


def _worst_first(line: Line) -> tuple[int, str]:
    return (ERROR, WARNING, NOT_CHECKED, OK).index(line.state), line.id
