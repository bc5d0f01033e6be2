"""Review a running database: its schema, its indexes, its settings and the statements it spends its time on.

One connection, read-only, under the monitoring role; a dozen statements on the catalog, each with a timeout.
"""

from __future__ import annotations

from collections.abc import Sequence
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
select current_setting('server_version_num')::int as version, pg_database_size(current_database()) as database_bytes,
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
_SCHEMA = """
select quote_ident(nspname) as name from pg_extension join pg_namespace n on n.oid = extnamespace
 where extname = 'pg_stat_statements'
"""


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
        top, why_not = _top(connection)
    statements, line = _reviewed(top, why_not, replace(options, dsn=options.dsn or dsn))
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
        return _made(rule, NOT_CHECKED, login.plain(problem), "GRANT pg_monitor TO the role, or ask when it is calm.")
    answer = rule.check(rows, server)
    return _made(rule, answer.state, answer.found, answer.instead)


def _unqualified(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with names as people write them: `public` left out."""
    return {key: value.removeprefix("public.") if isinstance(value, str) else value for key, value in row.items()}


def _made(rule: ModuleType, state: str, found: str, instead: str) -> Line:
    return Line(rule.ID, state, rule.TITLE, found, plugins.why(rule.__doc__ or ""), instead)


def _top(connection: psycopg.Connection[Any]) -> tuple[list[tuple[Statement, float]], str]:
    """Return the statements that took most time with their shares, and why there are none."""
    try:
        with login.reading(connection):
            schema = connection.execute(_SCHEMA.encode()).fetchone()
            if schema is None:
                return [], "pg_stat_statements is not created in this database"
            rows = connection.execute(_TOP.format(schema=schema["name"], top=TOP).encode()).fetchall()
    except psycopg.Error as problem:
        return [], login.plain(problem)
    read = [row for row in rows if is_planned(row["query"] or "")]
    return [(_statement(row, number), row["share"]) for number, row in enumerate(read, start=1)], ""


def _statement(row: dict[str, Any], number: int) -> Statement:
    seconds, calls = row["seconds"] or 0, row["calls"]
    rate = Rate(calls / seconds, row["total_ms"] / calls / 1000) if seconds and calls else None
    place = Place("pg_stat_statements", number)
    return Statement(row["query"], sqltext.fingerprint(row["query"]), (place,), rate=rate)


def _reviewed(
    top: Sequence[tuple[Statement, float]], why_not: str, options: ReviewOptions
) -> tuple[Outcome | None, Line]:
    """Review the top statements on a twin, if one can be had."""
    title, why = "The top statements are planned well", "They are what the server spends its time on."
    named = ("top-statements", title, why)
    if not top:
        return None, _statement_line(
            named, NOT_CHECKED, why_not or "none was counted", "CREATE EXTENSION pg_stat_statements;"
        )
    try:
        outcome = review_statements(Sources(tuple(each for each, _ in top)), options)
    except FailonceError as problem:
        return None, _statement_line(named, NOT_CHECKED, str(problem), problem.hint)
    found = sum(len(report.findings) for report in outcome.reports)
    if not found:
        return outcome, _statement_line(named, OK, f"{outcome.statements} of them, without a finding", "")
    state = ERROR if outcome.errors else WARNING
    return outcome, _statement_line(
        named, state, f"{found} findings on {outcome.statements} of them, below", "See below."
    )


def _statement_line(named: tuple[str, str, str], state: str, found: str, instead: str) -> Line:
    identity, title, why = named
    return Line(identity, state, title, found, why, instead)


def _worst_first(line: Line) -> tuple[int, str]:
    return (ERROR, WARNING, NOT_CHECKED, OK).index(line.state), line.id
