"""Prove on a twin that a statistics object makes a better plan: the object is written as ANALYZE would, by its counts.

A twin does not know which values come together; the counts come from a database with rows, and are no values.

How today's plan is costed under the corrected number of rows: with the object in place, every method that today's plan
does not use is switched off (enable_*), and the planner asked again. Today's plan is one of those it then chooses
among, so what it chooses costs no more than today's plan would: a lower bound, which makes the proof stricter, never
laxer. That holds only if nothing it chose is disabled, and is checked without the object: there, the same switches must
leave today's plan as it is. PostgreSQL takes the values compared for such as do come together, and so does the proof.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import combinations
from math import log
from typing import Any

import psycopg
from psycopg import sql

from failonce import plantree
from failonce.lab.twin import Twin, extended
from failonce.lab.twin.session import Session
from failonce.model.blueprint import ExtendedStatistics
from failonce.model.correlation import DEPENDENCIES, Columns, Combinations, Correlation, StatisticsAdvice
from failonce.model.errors import CannotPlan

#: The estimate must move by so many times.
_MOVES = 10.0
#: Shuffled columns must make so many times more combinations: what shuffling hardly changes is independent.
_CORRELATED = 3.0
#: The new plan may cost this share of the old one at most, as with an index.
_WORTH = 0.5
#: An object on fewer columns may leave the estimate so many times further off than the best one.
_AS_GOOD = 2.0
#: Characters of an object's name before its ending, within the 63 bytes of a name where they are of one byte.
_LONGEST_BARE = 58
_SWITCHES: Mapping[str, Sequence[str]] = {
    "enable_seqscan": ("Seq Scan",),
    "enable_indexscan": ("Index Scan", "Index Only Scan"),
    "enable_indexonlyscan": ("Index Only Scan",),
    "enable_bitmapscan": ("Bitmap Heap Scan",),
    "enable_tidscan": ("Tid Scan", "Tid Range Scan"),
    "enable_nestloop": ("Nested Loop",),
    "enable_hashjoin": ("Hash Join",),
    "enable_mergejoin": ("Merge Join",),
    "enable_hashagg": ("Hashed", "Mixed"),
    "enable_sort": ("Sort", "Incremental Sort"),
    "enable_incremental_sort": ("Incremental Sort",),
    "enable_material": ("Materialize",),
    "enable_memoize": ("Memoize",),
    "enable_gathermerge": ("Gather Merge",),
}
_PARALLEL = ("Gather", "Gather Merge")
# An object there may hold more than these columns; `f` and `d` are its kinds.
_KNOWN = """
select exists (select from pg_statistic_ext s where s.stxrelid = to_regclass(%s) and %s = any(s.stxkind::text[])
   and array(select a.attname::text from pg_attribute a
              where a.attrelid = s.stxrelid and a.attnum = any(s.stxkeys::int2[])) @> %s::text[])
"""
_SCHEMA = """
select n.nspname::text, c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.oid = to_regclass(%s) and c.relkind = 'r'
"""

Plan = Mapping[str, Any]


def is_open(twin: Twin, asked: Correlation) -> bool:
    """Tell whether the twin has the table, and no statistics object of this kind on all of the columns."""
    with twin.trial() as session:
        letter = "f" if asked.kind == DEPENDENCIES else "d"
        known = session.connection.execute(_KNOWN, [_qualified(asked), letter, list(asked.columns)]).fetchone()
        found = session.connection.execute(_SCHEMA, [_qualified(asked)]).fetchone()
    return found is not None and known == (False,)


def prove(twin: Twin, query: str, asked: Correlation, counts: Combinations) -> StatisticsAdvice | None:
    """Return the statistics object on the fewest of these columns that makes a plan half as dear, None if none does.

    Raises CannotPlan.
    """
    tried = (_proven(twin, query, asked, some, counts) for some in _sets(asked.columns) if _goes_together(counts, some))
    found = [advice for advice in tried if advice is not None]
    errors = [_error(advice.rows_after, _counted(asked, counts)) for advice in found]
    good = (advice for advice, error in zip(found, errors, strict=True) if error <= min(errors) + log(_AS_GOOD))
    return next(good, None)


@contextmanager
def known(twin: Twin, asked: Correlation, columns: Columns, counts: Combinations) -> Iterator[Session]:
    """Have a statistics object on these columns, filled by the counts, while the block runs; gives the owner's session.

    The twin's owner may not write such statistics: the superuser does, and runs nothing of the twin's own.
    """
    with twin.trial() as session, psycopg.connect(twin.server.dsn(), autocommit=True) as superuser:
        found = superuser.execute(_SCHEMA, [_qualified(asked)]).fetchone()
        if found is None:
            raise CannotPlan(f"the twin has no table {asked.relation}", hint="pull the twin again")
        table = sql.Identifier(*found)
        name = sql.Identifier(found[0], "failonce_trial")
        on = sql.SQL(", ").join(map(sql.Identifier, columns))
        superuser.execute(
            sql.SQL("create statistics {} ({}) on {} from {}").format(name, sql.SQL(asked.kind), on, table)
        )
        try:
            if extended.set_all(superuser, [_statistics(asked.kind, found, columns, counts)]):
                raise CannotPlan(f"the twin does not take statistics of {asked.relation}", hint="pull the twin again")
            yield session
        finally:
            superuser.execute(sql.SQL("drop statistics {}").format(name))


def bound(session: Session, query: str, plan: Plan) -> tuple[float, Plan] | None:
    """Return what a plan costs at least by what is known now, and the plan that costs so; None if nothing is sure."""
    used = {str(node[key]) for node in plantree.nodes(plan) for key in ("Node Type", "Strategy") if key in node}
    off = [name for name, methods in _SWITCHES.items() if not used & set(methods)]
    with session.connection.transaction(force_rollback=True):
        for name in off:
            session.connection.execute(f"set local {name} = off".encode())
        if not used & set(_PARALLEL):
            session.connection.execute("set local max_parallel_workers_per_gather = 0")
        least = session.explain(query)
    if any(node.get("Disabled") for node in plantree.nodes(least)):
        return None
    return float(least["Total Cost"]), least


def shape(plan: Plan) -> tuple[object, ...]:
    """Return what a plan does, without its numbers."""
    keys = ("Node Type", "Strategy", "Partial Mode", "Join Type", "Relation Name", "Alias", "Index Name")
    return (*(plan.get(key) for key in keys), *(shape(child) for child in plan.get("Plans", ())))


def _goes_together(counts: Combinations, columns: Columns) -> bool:
    return counts.shuffled[columns] >= _CORRELATED * counts.groups[columns]


def _proven(
    twin: Twin, query: str, asked: Correlation, columns: Columns, counts: Combinations
) -> StatisticsAdvice | None:
    probe = _probe(asked)
    with twin.trial() as session:
        plan, rows = session.explain(query), float(session.explain(probe)["Plan Rows"])
        same = bound(session, query, plan)
    if same is None or shape(same[1]) != shape(plan):
        return None
    with known(twin, asked, columns, counts) as session:
        better, rows_then = session.explain(query), float(session.explain(probe)["Plan Rows"])
        least = bound(session, query, plan)
        statements = _ddl(session, asked, columns)
    cost = float(better["Total Cost"])
    if least is None or shape(better) == shape(plan) or cost > _WORTH * least[0]:
        return None
    if not _moved(asked, counts, rows, rows_then):
        return None
    about = Correlation(asked.relation, columns, asked.kind)
    return StatisticsAdvice(statements, about, rows, rows_then, least[0], cost, counts.sampled)


def _moved(asked: Correlation, counts: Combinations, rows: float, rows_then: float) -> bool:
    """Tell whether the estimate moved far, and towards what was counted."""
    truth = _counted(asked, counts)
    moved = max(rows, rows_then) / max(min(rows, rows_then), 1.0)
    return moved >= _MOVES and _error(rows_then, truth) < _error(rows, truth) and _error(rows_then, truth) < log(_MOVES)


def _counted(asked: Correlation, counts: Combinations) -> float:
    """Return the rows that a combination has on average, or how many groups there are."""
    distinct = counts.distinct(asked.columns)
    return counts.table_rows / distinct if asked.kind == DEPENDENCIES else distinct


def _sets(columns: Columns) -> Iterator[Columns]:
    """Yield the sets of two columns and more, the smallest first."""
    for size in range(2, len(columns) + 1):
        yield from combinations(columns, size)


def _error(rows: float, truth: float) -> float:
    return abs(log(max(rows, 1.0) / max(truth, 1.0)))


def _probe(asked: Correlation) -> str:
    """Return the statement whose rows are the estimate: no constant is in it."""
    names = [sql.Identifier(column).as_string(None) for column in asked.columns]
    if asked.kind == DEPENDENCIES:
        equal = " and ".join(f"{name} = ${n}" for n, name in enumerate(names, start=1))
        return f"select 1 from {asked.relation} where {equal}"
    return f"select 1 from {asked.relation} group by {', '.join(names)}"


def _statistics(kind: str, table: tuple[str, str], columns: Columns, counts: Combinations) -> ExtendedStatistics:
    """Return the object's contents as production's would be pulled, numbered by place."""
    number = {column: n for n, column in enumerate(columns, start=1)}

    def key(some: Columns) -> str:
        return ", ".join(str(number[column]) for column in some)

    distinct = {key(some): round(counts.distinct(some)) for some in _sets(columns)}
    degrees = {
        f"{key(some)} => {number[other]}": degree
        for (some, other), degree in counts.degrees.items()
        if degree > 0 and {*some, other} <= set(columns)
    }
    schema, name = table
    return ExtendedStatistics(
        schema=schema,
        name="failonce_trial",
        table=name,
        columns={str(n): column for column, n in number.items()},
        types=(),
        categories=(),
        typmods=(),
        collations=(),
        inherited=False,
        distinct=None if kind == DEPENDENCIES else json.dumps(distinct),
        dependencies=json.dumps(degrees) if kind == DEPENDENCIES and degrees else None,
        common=(),
        common_shares=(),
        base_shares=(),
    )


def _ddl(session: Session, asked: Correlation, columns: Columns) -> tuple[str, ...]:
    schema, dot, table = asked.relation.rpartition(".")
    bare = "_".join([table.strip('"'), *columns])[:_LONGEST_BARE] + "_stat"
    quoted = session.connection.execute("select quote_ident(x) from unnest(%s::text[]) as x", [[bare, *columns]])
    name, *names = [text for (text,) in quoted]
    create = f"CREATE STATISTICS {schema}{dot}{name} ({asked.kind}) ON {', '.join(names)} FROM {asked.relation}"
    return create, f"ANALYZE {asked.relation}"


def _qualified(asked: Correlation) -> str:
    return asked.relation if "." in asked.relation else f"public.{asked.relation}"
