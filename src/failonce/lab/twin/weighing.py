"""Indexes on the scales: all candidates built at once on the twin, each shown to the planner or hidden from it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg

from failonce.lab.twin.session import Session, connect
from failonce.lab.twin.trial import execute, in_transaction, run

if TYPE_CHECKING:
    from failonce.lab.twin import Twin

_SHOW = "select failonce_twin.show(%s, %s)"
_BUILT = "select c.relname, c.oid::int8, pg_relation_size(c.oid) from pg_class c where c.oid = any(%s::int8[]::oid[])"
_INDEXES = "select indexrelid::int8 from pg_index"
# The same keys in the same order, or the beginning of them: nothing that the other index does not do.
_DUPLICATES = """
select n.indexrelid::int8, min(e.indexrelid::regclass::text)
  from pg_index n
  join pg_class nc on nc.oid = n.indexrelid
  join pg_index e on e.indrelid = n.indrelid and not e.indexrelid::int8 = any(%(built)s) and e.indisvalid
  join pg_class ec on ec.oid = e.indexrelid and ec.relam = nc.relam
 where n.indexrelid::int8 = any(%(built)s)
   and (e.indkey::text || ' ') like (n.indkey::text || ' %%') and n.indnkeyatts <= e.indnkeyatts
   and (n.indnatts = n.indnkeyatts or n.indnatts = e.indnatts)
   and (e.indclass::text || ' ') like (n.indclass::text || ' %%')
   and (e.indoption::text || ' ') like (n.indoption::text || ' %%')
   and pg_get_expr(e.indpred, e.indrelid) is not distinct from pg_get_expr(n.indpred, n.indrelid)
   and pg_get_expr(e.indexprs, e.indrelid) is not distinct from pg_get_expr(n.indexprs, n.indrelid)
 group by 1
"""


class Weighing:
    """A session with candidates; those that PostgreSQL refuses, or that an index is already, are left out."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._oids: dict[str, int] = {}
        self._shown: frozenset[str] = frozenset()
        self._forms: dict[str, str] = {}
        #: The size each candidate's index would have, by the candidate's statement.
        self.bytes_of: dict[str, int] = {}
        #: Why a candidate was left out, by its statement.
        self.refused: dict[str, str] = {}

    def explain(self, query: str, shown: Collection[str] = ()) -> dict[str, Any]:
        """Return the plan (EXPLAIN VERBOSE) if these candidates and no others were there."""
        wanted = frozenset(shown) & self._oids.keys()
        if wanted != self._shown:
            built = list(self._oids.values())
            self._session.connection.execute(_SHOW, [[self._oids[sql] for sql in wanted], built])
            self._shown = wanted
        if query not in self._forms:
            self._forms[query] = self._session.form_of(query)
        return self._session.explain_again(self._forms[query])

    def build(self, statements: Mapping[str, Sequence[str]]) -> None:
        """Build each CREATE INDEX, after the statements it needs first."""
        connection = self._session.connection
        for sql, first in statements.items():
            known = _oids(connection)
            try:
                with connection.transaction():
                    for statement in (*first, in_transaction(sql)):
                        connection.execute(statement.encode(), binary=True)
            except psycopg.Error as error:
                self.refused[sql] = (error.diag.message_primary or str(error)).strip()
                continue
            new = _oids(connection) - known
            if new:
                self._oids[sql] = max(new)

    def settle(self) -> None:
        """Read the sizes of what was built, and leave out what is there already."""
        connection = self._session.connection
        built = {oid: sql for sql, oid in self._oids.items()}
        for oid, other in connection.execute(_DUPLICATES, {"built": list(built)}).fetchall():
            self.refused[built[oid]] = f"the index {other} is that already"
        rows = connection.execute(_BUILT, [list(built)]).fetchall()
        self.bytes_of = {built[oid]: size for _, oid, size in rows if built[oid] not in self.refused}
        connection.execute(_SHOW, [[], list(built)])
        self._oids = {sql: oid for sql, oid in self._oids.items() if sql not in self.refused}


@contextmanager
def weighing(twin: Twin, statements: Mapping[str, Sequence[str]], ddl: Sequence[str]) -> Iterator[Weighing]:
    """Build candidates in a transaction that is rolled back, each hidden at first, after this DDL."""
    session = connect(twin.server, twin.password, twin.blueprint)
    with session.connection as connection, connection.transaction(force_rollback=True):
        found = Weighing(session)

        def change() -> None:
            execute(connection, ddl)
            found.build(statements)

        run(twin.server, connection, twin.blueprint, change)
        found.settle()
        yield found


def _oids(connection: psycopg.Connection[Any]) -> set[int]:
    return {oid for (oid,) in connection.execute(_INDEXES)}
