"""The twin: a private server with production's schema, statistics and sizes but none of its rows, to ask what if.

Its planner sees what production's sees, so a fix is proved without load, privileges or a new index in production.
It plans statements and runs none. Statistics hold real values (the most common ones, the bounds of histograms): they
live in the private server's closed directory, and go with it. Two limits: a normalised statement has no values, so a
partial index on a value never serves it; and B-trees look empty, so each look-up seems up to 0.4 cheaper than it is.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from failonce import plantree
from failonce.lab import blueprint, new_index, sparse
from failonce.lab.binaries import find_binaries
from failonce.lab.blueprint import Blueprint, RelationStatistics
from failonce.lab.explainable import explainable, typed
from failonce.lab.server import PrivateServer, private_server
from failonce.lab.unprivileged import server_identity
from failonce.model.errors import CannotLook
from failonce.model.remedy import PlanSummary
from failonce.model.snapshot import Gap

#: pg_dump carries planner statistics, and the server restores them, from this version on.
OLDEST_MAJOR = 18

_SETTINGS = {
    # Nothing may correct the sizes and statistics, and none of production's own code may run.
    "autovacuum": "off",
    "event_triggers": "off",
    "shared_preload_libraries": "",
    "shared_buffers": "16MB",
}
# pg_class.relkind
_HAVE_FILES = frozenset("rmi")
_HAVE_STATISTICS = frozenset("rmipI")
UNTYPED = re.compile(r"could not determine data type of parameter (\$\d+)")

# A name that this version of the server does not know is left out by the join.
_SET_CONFIG = """
select set_config(s.name, x.setting, false) from unnest(%s::text[], %s::text[]) as x(name, setting)
  join pg_settings s using (name)
"""
_SET_STATISTICS = """
select pg_restore_relation_stats('schemaname', schema, 'relname', name, 'relpages', pages, 'reltuples', rows,
                                 'relallvisible', visible)
  from unnest(%s::text[], %s::text[], %s::int[], %s::real[], %s::int[]) as x(schema, name, pages, rows, visible)
"""
_FILES = """
select n.nspname, c.relname, pg_relation_filepath(c.oid)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid >= 16384
"""


@dataclass(frozen=True, slots=True)
class Twin:
    """A running twin: a Planner. It answers one question at a time."""

    server: PrivateServer
    relations: tuple[RelationStatistics, ...]
    #: Production's planner settings.
    settings: Mapping[str, str]
    #: What of production the twin could not be given.
    gaps: tuple[Gap, ...]
    where: str = "twin"

    def plan(self, query: str, indexes: tuple[str, ...] = ()) -> PlanSummary:
        """Plan a normalised query as if the given CREATE INDEX statements had been run."""
        with self._planner(indexes) as connection:
            tree = _explain_json(connection, query)
            lines = _explain(connection, explainable(query), "text")
        bytes_of = {r.name: r.bytes or 0 for r in self.relations}
        node = plantree.main_reader(tree, bytes_of)
        return PlanSummary(cost=tree["Total Cost"], node=node, plan="\n".join(line for (line,) in lines))

    def explain(self, query: str) -> dict[str, object]:
        """Return the plan as EXPLAIN (FORMAT JSON) gives it: the object under "Plan"."""
        with self._planner(()) as connection:
            return _explain_json(connection, query)

    @contextmanager
    def session(self) -> Iterator[psycopg.Connection[Any]]:
        """Open a session whose planner sees production's sizes; nothing that is done in it stays."""
        with self._planner(()) as connection:
            yield connection

    @contextmanager
    def _planner(self, indexes: Sequence[str]) -> Iterator[psycopg.Connection[Any]]:
        """Open a session whose planner sees production's sizes, with these indexes; nothing of it stays."""
        with _connect(self.server, self.settings) as connection, connection.transaction(force_rollback=True):
            built = [new_index.build(connection, statement) for statement in indexes]
            # CREATE INDEX counted the rows of the empty table: say production's again.
            _set_statistics(connection, self.relations)
            with self._grown(connection, self.relations):
                sized = [new_index.size(connection, index) for index in built]
                _set_statistics(connection, sized)
                with self._grown(connection, sized):
                    yield connection

    @contextmanager
    def _grown(self, connection: psycopg.Connection[Any], relations: Sequence[RelationStatistics]) -> Iterator[None]:
        files = _files(connection)
        stored = [r for r in relations if r.kind in _HAVE_FILES]
        sizes = {self.server.data_dir / files[r.schema, r.name]: r.bytes or 0 for r in stored}
        with sparse.grown(sizes, server_identity()):
            yield


@contextmanager
def twin(operator_dsn: str, relations: Sequence[str], *, bin_dir: Path | None = None) -> Iterator[Twin]:
    """Run a twin of these relations of production, and of what they are made of, while the block runs."""
    bin_dir = bin_dir or find_binaries("pg_dump", "psql", major=OLDEST_MAJOR)
    production = blueprint.read(operator_dsn, relations, bin_dir / "pg_dump")
    with private_server(settings=_SETTINGS, bin_dir=bin_dir) as server:
        for script in production.scripts:
            _restore(server, script)
        with _connect(server, production.settings) as connection:
            files = _files(connection)
        carried = tuple(r for r in production.relations if (r.schema, r.name) in files)
        yield Twin(server, carried, production.settings, tuple(_gaps(production, carried)))


def _restore(server: PrivateServer, script: str) -> None:
    """Run a dump; a part that needs what was not dumped may fail (a foreign key's other side)."""
    psql: list[str | Path] = [server.bin_dir / "psql", "--no-psqlrc", "--quiet", "--output=/dev/null"]
    try:
        blueprint.run(psql, server.dsn(), script=script)
    except subprocess.SubprocessError as failed:
        raise CannotLook(
            "production's schema could not be restored into the twin",
            hint="try again; without the twin, compare with a hypothetical index in production (extension hypopg)",
        ) from failed


@contextmanager
def _connect(server: PrivateServer, settings: Mapping[str, str]) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(_SET_CONFIG, [list(settings), list(settings.values())])
        yield connection


def _set_statistics(connection: psycopg.Connection[Any], relations: Sequence[RelationStatistics]) -> None:
    known = [r for r in relations if r.kind in _HAVE_STATISTICS]
    rows = [(r.schema, r.name, r.pages, r.rows, r.pages_all_visible) for r in known]
    if rows:
        connection.execute(_SET_STATISTICS, [list(column) for column in zip(*rows, strict=True)])


def _files(connection: psycopg.Connection[Any]) -> dict[tuple[str, str], Any]:
    """Return each relation's file below the data directory (None where it has none), by schema and name."""
    return {(schema, name): path for schema, name, path in connection.execute(_FILES)}


def _explain_json(connection: psycopg.Connection[Any], query: str) -> dict[str, Any]:
    [([explained],)] = _explain(connection, explainable(query), "json")
    plan: dict[str, Any] = explained["Plan"]
    return plan


def _explain(connection: psycopg.Connection[Any], text: str, form: str) -> list[tuple[Any, ...]]:
    """Explain a statement with parameters; one whose type nothing tells is taken for text."""
    try:
        with connection.transaction():
            return connection.execute(f"explain (generic_plan, format {form}) {text}".encode()).fetchall()
    except psycopg.Error as refused:
        unknown = UNTYPED.search(str(refused))
        if unknown and (better := typed(text, unknown[1], "text")) != text:
            return _explain(connection, better, form)
        raise CannotLook(
            f"the twin cannot plan this statement: {refused.diag.message_primary}: {text}",
            hint="if the statement is cut off, set track_activity_query_size = 4096 in production",
        ) from refused


def _gaps(production: Blueprint, carried: Sequence[RelationStatistics]) -> Iterator[Gap]:
    """Say what of production the twin lacks, and what that does to its plans."""
    lost = [r.name for r in production.relations if r not in carried]
    if lost:
        yield Gap(
            source="twin",
            reason=f"not carried over: {', '.join(lost)}",
            impact="statements that use them cannot be planned, or not as in production",
            hint="an extension or a collation is not known here: set FAILONCE_PG_BIN to a PostgreSQL 18 that has it",
        )
    if production.extended_statistics:
        yield Gap(
            source="twin",
            reason=f"extended statistics are not carried over: {', '.join(production.extended_statistics)}",
            impact="row estimates over several columns may differ from production's",
            hint="on a close call compare with EXPLAIN in production",
        )
