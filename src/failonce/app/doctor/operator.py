"""May the operator role do what a fix takes? The checks of `operator_dsn`, by reading alone.

It must never use the right it looks for.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

import psycopg

from failonce.app.doctor.check import Answer, Check, Question, error, not_checked, ok, warning
from failonce.app.doctor.login import Connection, connect, plain, reading

_NAMED = 5
# Tables the role may not index, largest first, and what it lacks: their owner's rights or CREATE on their schema
# (https://www.postgresql.org/docs/current/sql-createindex.html).
_NOT_MINE = """
    with tables as (
        select pg_class.oid, relowner, quote_ident(nspname) as schema,
               quote_ident(nspname) || '.' || quote_ident(relname) as name,
               pg_has_role(current_user, relowner, 'usage') as owned,
               has_schema_privilege(current_user, relnamespace, 'create') as creates
        from pg_class join pg_namespace on pg_namespace.oid = relnamespace
        where relkind in ('r', 'p', 'm') and relpersistence <> 't'
          and nspname not in ('pg_catalog', 'information_schema') and nspname not like 'pg_toast%')
    select name, case when owned then format('GRANT CREATE ON SCHEMA %s TO %I;', schema, current_user)
                      when rolsuper then format('ALTER TABLE %s OWNER TO %I;', name, current_user)
                      else format('GRANT %I TO %I;', rolname, current_user) end
    from tables join pg_roles on pg_roles.oid = relowner
    where not (owned and creates)
    order by pg_relation_size(tables.oid) desc, name
"""
_WHERE = "select current_database(), pg_postmaster_start_time()"


@dataclass(frozen=True, slots=True)
class Sessions:
    """One session of each role."""

    operator: Connection
    monitor: Connection


def examine(monitor: Connection, operator_dsn: str | None) -> tuple[Check, ...]:
    """Ask the questions through the operator's DSN, with the monitoring role's session to compare."""
    if operator_dsn is None:
        hint = "To have a fix proved on a twin and applied, configure operator_dsn: docs/how-to/connect.md"
        return not_checked(QUESTIONS, "no operator_dsn is configured", hint)
    try:
        with closing(connect(operator_dsn)) as operator, reading(operator), reading(monitor):
            return tuple(question.check(Sessions(operator, monitor)) for question in QUESTIONS)
    except psycopg.Error as problem:
        return not_checked(QUESTIONS, plain(problem), "Correct operator_dsn, then: failonce doctor")


def _same_place(sessions: Sessions) -> Answer:
    here, there = (session.execute(_WHERE).fetchone() for session in (sessions.monitor, sessions.operator))
    if here == there:
        return ok(f"{_place(sessions.operator)}")
    return error(
        f"operator_dsn leads to {_place(sessions.operator)}, dsn to {_place(sessions.monitor)}",
        "Give both DSNs the same host, port and database",
    )


def _may_index(sessions: Sessions) -> Answer:
    foreign = sessions.operator.execute(_NOT_MINE).fetchall()
    if not foreign:
        return ok("every table")
    names = ", ".join(name for name, _ in foreign[:_NAMED]) + (", ..." if len(foreign) > _NAMED else "")
    remedies = " ".join(dict.fromkeys(remedy for _, remedy in foreign[:_NAMED]))
    return warning(f"not on {len(foreign)} tables: {names}", remedies)


def _place(session: Connection) -> str:
    return f"{session.info.host}:{session.info.port}/{session.info.dbname}"


QUESTIONS: tuple[Question[Sessions], ...] = (
    Question(
        "D020",
        "The operator works on the watched database",
        "A fix applied elsewhere would heal nothing here and change something there.",
        _same_place,
    ),
    Question(
        "D021",
        "The operator may create indexes",
        "Only a table's owner may; otherwise a fix can be proposed but not applied.",
        _may_index,
    ),
)
