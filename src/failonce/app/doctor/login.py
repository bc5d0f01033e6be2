"""Is there a server, and does it let us in? The checks before any SQL.

Asks libpq, as the watch does; a server that answers but refuses is told apart from one that does not answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import pq
from psycopg.conninfo import make_conninfo

from failonce.app import dsn as dsns
from failonce.app.doctor.check import Answer, Question, error, ok, unknown, warning

Connection = psycopg.Connection[Any]

_CONNECT_TIMEOUT_S = 4
_SESSION = (
    "set transaction read only",
    "set local statement_timeout = '2s'",
    "set local lock_timeout = '100ms'",
    # No function of somebody's own may stand in for one of the server's.
    "set local search_path = pg_catalog",
)
# The server's words for a refusal, and the way in. In another lc_messages none fits: then the general hint is given.
_REFUSALS = (
    ("password authentication failed", "ALTER ROLE {user} PASSWORD '...'; and put the same into the DSN"),
    ("no password supplied", "Put the password into the DSN: postgresql://{user}:${{PASSWORD}}@..."),
    ("database .* does not exist", "List the databases: psql '{shown}' -d postgres -l"),
    ("role .* does not exist", "CREATE ROLE {user} LOGIN PASSWORD '...'; GRANT pg_monitor TO {user};"),
    ("too many|remaining connection slots", "End sessions or raise max_connections, and start failonce before trouble"),
    ("no pg_hba.conf entry", "In pg_hba.conf: host {dbname} {user} ADDRESS/32 scram-sha-256; then pg_reload_conf()"),
    ("not permitted to log in", "ALTER ROLE {user} LOGIN;"),
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of knocking: an open connection, or the reason why there is none."""

    dsn: str
    answer: pq.Ping
    connection: Connection | None
    refusal: str = ""


def knock(dsn: str) -> Attempt:
    """Ask whether the server answers, and try to get in."""
    answer = pq.Ping(pq.PGconn.ping(_bounded(dsn).encode()))
    try:
        return Attempt(dsn, answer, connect(dsn))
    except psycopg.Error as problem:
        return Attempt(dsn, answer, None, plain(problem))


def connect(dsn: str) -> Connection:
    return psycopg.connect(_bounded(dsn), autocommit=True, prepare_threshold=None)


@contextmanager
def reading(connection: Connection) -> Iterator[None]:
    """Hold a read-only transaction with timeouts; when a pooler lent the session, nothing is left behind in it."""
    with connection.transaction():
        for statement in _SESSION:
            connection.execute(statement)
        yield


def plain(problem: Exception) -> str:
    """Return a driver's error on one line, without what surrounds the reason."""
    said = str(problem).split("\n\tIs the server running", 1)[0].split("\nLINE 1:", 1)[0]
    return re.sub(r"^connection failed: (connection to server (at|on) .*? failed: )?", "", " ".join(said.split()))[:300]


def _bounded(dsn: str) -> str:
    return make_conninfo(dsn, application_name="failonce", connect_timeout=_CONNECT_TIMEOUT_S)


def _reachable(attempt: Attempt) -> Answer:
    known = dsns.parts(attempt.dsn, where="The dsn")
    host, port = known.get("host") or known.get("hostaddr") or "localhost", known.get("port", "5432")
    again = f"pg_isready -h {host} -p {port}"
    if attempt.connection or attempt.answer == pq.Ping.OK:
        return ok(f"{host}:{port}")
    if attempt.answer == pq.Ping.REJECT:
        return warning(f"{host}:{port} takes no connections now: {attempt.refusal}", again)
    return error(f"{host}:{port} does not answer: {attempt.refusal}", again)


def _let_in(attempt: Attempt) -> Answer:
    known = dsns.parts(attempt.dsn, where="The dsn")
    user = known.get("user", "(your own user)")
    dbname = known.get("dbname", user)
    if attempt.connection:
        return ok(f"as {user} into {dbname}")
    if attempt.answer not in (pq.Ping.OK, pq.Ping.REJECT):
        return unknown("D001 comes first")
    shown = dsns.masked(attempt.dsn)
    for pattern, hint in _REFUSALS:
        if re.search(pattern, attempt.refusal):
            return error(attempt.refusal, hint.format(user=user, dbname=dbname, shown=shown))
    return error(attempt.refusal, f"psql '{shown}' -c 'select 1'")


QUESTIONS: tuple[Question[Attempt], ...] = (
    Question("D001", "The server answers", "Without it there is nothing to watch.", _reachable),
    Question("D002", "The server lets the role in", "Without it there is nothing to watch.", _let_in),
)
