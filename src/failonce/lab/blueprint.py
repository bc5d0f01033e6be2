"""What production's planner knows, without production's rows: schema, statistics, sizes and planner settings.

Read from the operator's connection and by pg_dump; held in memory only, because statistics contain real values. It
must never wait for a lock longer than a tenth of a second, and never write.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from failonce.model.errors import CannotLook, DatabaseUnreachable

_CONNECT_WITHIN_S = 5
_DUMP_WITHIN_S = 60
_LOCK_WITHIN_MS = 100
_SESSION = {"lock_timeout": f"{_LOCK_WITHIN_MS}ms", "statement_timeout": "5s", "default_transaction_read_only": "on"}

# With what they are made of: partitions and their parents, the tables behind a view, sequences behind a default.
_RELATIONS = """
with recursive wanted(oid) as (
    select coalesce(to_regclass(name), to_regclass(
        (select string_agg(quote_ident(part), '.' order by place)
           from unnest(string_to_array(name, '.')) with ordinality as p(part, place))))::oid
      from unnest(%s::text[]) as name
  union
    select part.oid from wanted, lateral (
        select inhrelid from pg_inherits where inhparent = wanted.oid
      union all
        select inhparent from pg_inherits where inhrelid = wanted.oid
      union all
        select d.refobjid from pg_rewrite r join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
         where r.ev_class = wanted.oid and d.refclassid = 'pg_class'::regclass and d.refobjid <> r.ev_class
      union all
        select d.refobjid from pg_attrdef a join pg_depend d on d.classid = 'pg_attrdef'::regclass and d.objid = a.oid
         where a.adrelid = wanted.oid and d.refclassid = 'pg_class'::regclass and d.refobjid <> a.adrelid
    ) as part(oid)
)
select n.nspname, c.relname, c.relkind::text, c.relpages, c.reltuples, c.relallvisible, pg_relation_size(c.oid)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind <> 'f' and c.oid >= 16384
   and (c.oid in (select oid from wanted)
        or c.oid in (select indexrelid from pg_index where indisvalid and indrelid in (select oid from wanted)))
 order by 1, 2
"""
_SETTINGS = """
select name, setting from pg_settings
 where category like 'Query Tuning%' or name in ('work_mem', 'hash_mem_multiplier', 'effective_io_concurrency',
       'max_parallel_workers_per_gather', 'max_parallel_workers', 'search_path')
"""
_EXTENDED_STATISTICS = """
select stxname from pg_statistic_ext where stxrelid in (select to_regclass(name) from unnest(%s::text[]) as name)
"""
_DUMP = (
    "--encoding=UTF8 --no-owner --no-privileges --no-comments --no-tablespaces --no-policies --no-publications "
    f"--no-subscriptions --no-security-labels --lock-wait-timeout={_LOCK_WITHIN_MS}"
).split()


@dataclass(frozen=True, slots=True)
class RelationStatistics:
    """A table, index, view or sequence, and how large the planner thinks it is."""

    schema: str
    name: str
    #: pg_class.relkind: `r` table, `i` index, `v` view, `S` sequence, ...
    kind: str
    pages: int
    rows: float
    pages_all_visible: int
    bytes: int | None

    @property
    def quoted(self) -> str:
        """The qualified name as SQL and pg_dump's patterns take it."""
        return ".".join('"' + part.replace('"', '""') + '"' for part in (self.schema, self.name))


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Everything the twin is built from."""

    relations: tuple[RelationStatistics, ...]
    #: SQL: schemas, types, functions and extensions; then tables, indexes and statistics.
    scripts: tuple[str, ...]
    settings: dict[str, str]
    #: Names of extended statistics, whose contents pg_dump 18 does not carry.
    extended_statistics: tuple[str, ...]


def read(operator_dsn: str, names: Sequence[str], pg_dump: Path) -> Blueprint:
    """Read the relations of these names and what they need."""
    try:
        with psycopg.connect(
            operator_dsn, connect_timeout=_CONNECT_WITHIN_S, application_name="failonce"
        ) as production:
            return _read(production, operator_dsn, list(names), pg_dump)
    except psycopg.errors.LockNotAvailable as refused:
        raise CannotLook(
            f"a relation of the twin is locked in production: {', '.join(names)}",
            hint="run the proof again once the lock is gone; failonce waits for locks no longer than 100 ms",
        ) from refused
    except psycopg.OperationalError as failed:
        raise DatabaseUnreachable(
            f"the operator's connection failed: {failed}", hint="check the operator DSN with: failonce doctor"
        ) from failed


def _read(production: psycopg.Connection[Any], dsn: str, names: list[str], pg_dump: Path) -> Blueprint:
    for name, value in _SESSION.items():
        production.execute("select set_config(%s, %s, false)", [name, value])
    relations = tuple(RelationStatistics(*row) for row in production.execute(_RELATIONS, [names]))
    if not relations:
        raise CannotLook(
            f"production has none of these relations: {', '.join(names)}",
            hint="check that the operator DSN names the application's database and can see its schema",
        )
    settings = dict(production.execute(_SETTINGS).fetchall())
    extended = production.execute(_EXTENDED_STATISTICS, [[r.quoted for r in relations]]).fetchall()
    # pg_dump connects by itself: no transaction of ours stays open meanwhile.
    production.rollback()
    tables = [f"--table={r.quoted}" for r in relations if r.kind not in "iI"]
    scripts = (
        _dump(pg_dump, dsn, ["--schema-only", "--exclude-table=*.*"]),
        _dump(pg_dump, dsn, ["--no-data", "--statistics", *tables]),
    )
    return Blueprint(relations, scripts, settings, tuple(name for (name,) in extended))


def _dump(pg_dump: Path, dsn: str, arguments: list[str]) -> str:
    command: list[str | Path] = [pg_dump, *_DUMP, *arguments]
    try:
        return run(command, dsn, within_s=_DUMP_WITHIN_S)[0]
    except subprocess.TimeoutExpired as slow:
        raise CannotLook(
            f"pg_dump needed more than {_DUMP_WITHIN_S} s for the schema",
            hint="run the proof when production is calmer",
        ) from slow
    except subprocess.CalledProcessError as failed:
        raise CannotLook(
            f"pg_dump could not read the schema: {failed.stderr.strip()}",
            hint="the operator's role needs to read the tables: grant pg_read_all_data to it",
        ) from failed


def run(command: list[str | Path], dsn: str, *, script: str | None = None, within_s: float = 60) -> tuple[str, str]:
    """Run one of PostgreSQL's client programs on a database; return what it printed and its errors."""
    target = conninfo_to_dict(dsn)
    # Command lines are public; the environment of a process is not.
    secret = {"PGPASSWORD": str(target.pop("password"))} if "password" in target else {}
    environment = {**os.environ, "PGAPPNAME": "failonce", "PGCONNECT_TIMEOUT": str(_CONNECT_WITHIN_S), **secret}
    address = make_conninfo("", **target)
    done = subprocess.run(
        [*command, f"--dbname={address}"],
        input=script,
        capture_output=True,
        encoding="utf-8",
        check=True,
        env=environment,
        timeout=within_s,
    )
    return done.stdout, done.stderr
