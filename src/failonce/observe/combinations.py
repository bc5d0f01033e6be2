"""Count how often values of some columns come together, in a sample of one table; no value leaves the database.

For a database whose operator named it for this: a staging copy, a replica. One read-only statement draws at most 33,000
rows from at most 30,000 blocks, as ANALYZE does, and gives back numbers: nothing is hashed, nothing is copied. A
server's complaint is repeated only where it names a table or a column, for others may quote a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import psycopg
from psycopg import sql

from failonce.model.correlation import Columns, Combinations
from failonce.model.errors import CannotLook, DatabaseUnreachable

#: ANALYZE's own sample: 300 rows for each unit of default_statistics_target = 100, of as many blocks (analyze.c).
ROWS = BLOCKS = 30_000
#: The sample is drawn by chance: so many rows are not exceeded.
_MOST_ROWS = 33_000
#: Of fewer rows nothing is concluded.
_LEAST_ROWS = 3_000
_CONNECT_WITHIN_S = 5
_SESSION = {
    "default_transaction_read_only": "on",
    "statement_timeout": "10s",
    "lock_timeout": "100ms",
    # No function of somebody's own may stand in for one of the server's.
    "search_path": "pg_catalog",
}
_TABLE = """
select n.nspname::text, c.relname::text, c.reltuples::float8,
       greatest(pg_relation_size(c.oid) / current_setting('block_size')::int8, 1)::float8
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = to_regclass(%s) and c.relkind = 'r'
"""
# Rows by chance within blocks by chance; each column shuffled by itself has nothing to do with the others.
_SAMPLE = """
with sampled as materialized (
    select {columns} from {table} tablesample system ({percent}) where random() < {share} limit {most}),
mixed as materialized (select {names} from {shuffles})
select 'rows', 0, count(*), 0 from sampled union all {counts}
"""
_SHUFFLE = "(select {0}, row_number() over (order by random()) as place from sampled) as s_{0}"
_GROUPS = """select 'groups', {0}, count(*), count(*) filter (where n = 1)
  from (select count(*) as n from sampled group by {1}) as g"""
_MIXED = "select 'shuffled', {0}, count(*), 0 from (select from mixed group by {1}) as g"
# As dependency_degree() counts them (dependencies.c).
_DEGREE = """select 'degree', {0}, {2}, coalesce(sum(n) filter (where others = 1), 0)
  from (select sum(n) as n, count(*) as others
          from (select {1}, count(*) as n from sampled group by {1}, v{2}) as g group by {1}) as h"""


def count_combinations(dsn: str, relation: str, columns: Columns, *, rows_wanted: float = 0) -> Combinations:
    """Count in a sample of this table of the database there; `columns` are in alphabetical order.

    A table with fewer rows than `rows_wanted` is not asked: part of a table tells little of the whole. Raises
    CannotLook, DatabaseUnreachable.
    """
    try:
        with psycopg.connect(dsn, connect_timeout=_CONNECT_WITHIN_S, application_name="failonce") as connection:
            for name, value in _SESSION.items():
                connection.execute("select set_config(%s, %s, false)", [name, value])
            # What was set holds from the next transaction on.
            connection.commit()
            return _counted(connection, relation, columns, rows_wanted)
    except psycopg.errors.QueryCanceled as late:
        raise CannotLook(
            f"counting in {relation} took longer than ten seconds", hint="name a database that is less busy"
        ) from late
    except psycopg.OperationalError as failed:
        raise DatabaseUnreachable(
            "the database to sample from cannot be reached or ended the connection",
            hint="check the connection string with: psql DSN -c 'select 1'",
        ) from failed
    except psycopg.Error as refused:
        raise CannotLook(f"nothing was counted in {relation}: {_said(refused)}", hint=_hint(relation)) from None


def _counted(connection: psycopg.Connection[Any], relation: str, columns: Columns, rows_wanted: float) -> Combinations:
    name = relation if "." in relation else f"public.{relation}"
    found = connection.execute(_TABLE, [name]).fetchone()
    if found is None:
        raise CannotLook(f"the database to sample from has no table {relation}", hint="name a copy of production")
    schema, table, rows, blocks = found
    if rows < max(rows_wanted, _LEAST_ROWS):
        raise CannotLook(
            f"{relation} has {max(rows, 0):,.0f} rows where they would be counted, too few to tell of production's",
            hint=f"name a copy of production's size; where it is one, run there: ANALYZE {relation}",
        )
    part = min(1.0, BLOCKS / blocks)
    share = min(1.0, ROWS / (rows * part))
    rows_found = connection.execute(_statement((schema, table), columns, part, share)).fetchall()
    return _read(rows_found, columns, rows)


def _statement(table: tuple[str, str], columns: Columns, part: float, share: float) -> sql.Composed:
    names = [f"v{n}" for n in range(len(columns))]
    own = [sql.SQL(f"{{}} as {n}").format(sql.Identifier(c)) for n, c in zip(names, columns, strict=True)]
    shuffles = [_SHUFFLE.format(name) for name in names]
    return sql.SQL(_SAMPLE).format(
        columns=sql.SQL(", ").join(own),
        table=sql.Identifier(*table),
        percent=sql.Literal(100 * part),
        share=sql.Literal(share),
        most=sql.Literal(_MOST_ROWS),
        names=sql.SQL(", ".join(names)),
        shuffles=sql.SQL(shuffles[0] + "".join(f" join {s} using (place)" for s in shuffles[1:])),
        counts=sql.SQL(" union all ".join(_counts(len(columns)))),
    )


def _counts(width: int) -> Iterator[str]:
    for chosen in _subsets(width):
        names = ", ".join(f"v{n}" for n in chosen)
        yield _GROUPS.format(_bits(chosen), names)
        yield _MIXED.format(_bits(chosen), names)
        for other in set(range(width)) - set(chosen):
            yield _DEGREE.format(_bits(chosen), names, other)


def _read(rows: list[tuple[Any, ...]], columns: Columns, table_rows: float) -> Combinations:
    named = {_bits(chosen): tuple(columns[n] for n in chosen) for chosen in _subsets(len(columns))}
    sampled = next(int(count) for what, _, count, _ in rows if what == "rows")
    if sampled < _LEAST_ROWS:
        raise CannotLook(f"a sample gave {sampled:,} rows, too few", hint="run ANALYZE on that copy")
    return Combinations(
        table_rows,
        sampled,
        groups={named[bits]: int(count) for what, bits, count, _ in rows if what == "groups"},
        once={named[bits]: int(once) for what, bits, _, once in rows if what == "groups"},
        shuffled={named[bits]: int(count) for what, bits, count, _ in rows if what == "shuffled"},
        degrees={
            (named[bits], columns[int(other)]): float(kept) / sampled
            for what, bits, other, kept in rows
            if what == "degree"
        },
    )


def _subsets(width: int) -> Iterator[tuple[int, ...]]:
    for size in range(1, width + 1):
        yield from combinations(range(width), size)


def _bits(chosen: tuple[int, ...]) -> int:
    return sum(1 << n for n in chosen)


def _said(refused: psycopg.Error) -> str:
    """Return what the server says where that names a thing of the schema, else what kind of error it is."""
    state = refused.sqlstate or ""
    return str(refused.diag.message_primary) if state.startswith("42") else type(refused).__name__


def _hint(relation: str) -> str:
    return f"the role needs SELECT on these columns: GRANT SELECT (COLUMN, ...) ON {relation} TO ROLE"
