"""Run two statements on generated rows and see whether they give the same: in a scratch database, rolled back.

It shows that two statements differ, or that they did not on so many data sets; never that they cannot.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import psycopg

from failonce import sqltext
from failonce.lab.binaries import find_binaries
from failonce.lab.sameness.rows import Filler
from failonce.lab.sameness.tables import Table, read_tables
from failonce.lab.sameness.values import Values
from failonce.lab.server import private_server
from failonce.lab.twin import CLUSTER, OLDEST_MAJOR, OTHER_THAN_C, build
from failonce.lab.twin.session import connect
from failonce.model.blueprint import Blueprint
from failonce.model.errors import CannotPlan
from failonce.model.rewrite import Pair, Sameness

DATA_SETS = 32
#: Times each pair is run on one data set, with other values sent along.
_RUNS = 3
#: Data sets on which both must have run.
_ENOUGH = 8
_SETTINGS = {"fsync": "off", "autovacuum": "off", "event_triggers": "off", "shared_buffers": "16MB", "jit": "off"}
_WITHIN = "set statement_timeout = '5s'"
#: Days are not equally long everywhere.
_ZONES = ("UTC", "America/New_York", "Asia/Kolkata")
_TEXT = 25
_VOLATILE = "select proname from pg_proc where provolatile = 'v' and proname = any(%s) limit 1"

Row = tuple[bytes | None, ...]


class Differs(Exception):
    """Two statements do not give the same rows; what they gave is in the message."""


class Scratch:
    """A database with a schema and, within a transaction, made-up rows."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        """Use a connection to a database that nobody else needs."""
        self._connection = connection
        connection.execute(_WITHIN)

    def same(self, pairs: Sequence[Pair]) -> Sameness:
        """Run each pair on generated data sets. Raises Differs; CannotPlan when nothing can be shown."""
        texts = [text for pair in pairs for text in (pair.original, pair.rewritten)]
        self._refuse_volatile(texts)
        names = sorted({name for text in texts for name in sqltext.relations(text)})
        tables = read_tables(self._connection, names)
        literals = [*(text for text in texts), *(text for table in tables for text in table.rules)]
        values = Values(self._connection, literals)
        filler = Filler(self._connection, tables, values, " ".join(texts))
        seen: Counter[Pair] = Counter()
        results: dict[Pair, set[tuple[Row, ...]]] = {pair: set() for pair in pairs}
        done = runs = 0
        for number in range(DATA_SETS):
            counted = self._on_data_set(number, filler, values, pairs, seen, results)
            done, runs = done + (counted > 0), runs + counted
        self._refuse_empty(tables, filler, seen, results)
        return Sameness(done, runs)

    def _on_data_set(
        self,
        number: int,
        filler: Filler,
        values: Values,
        pairs: Sequence[Pair],
        seen: Counter[Pair],
        results: dict[Pair, set[tuple[Row, ...]]],
    ) -> int:
        """Return how often both statements of a pair ran on one data set."""
        random, runs = Random(number), 0
        with self._connection.transaction(force_rollback=True):
            self._connection.execute(f"set local timezone = '{_ZONES[number % len(_ZONES)]}'".encode())
            filler.fill(random, number)
            # Whatever hides in a function: from here on nothing is written.
            self._connection.execute("set transaction read only")
            for pair in pairs:
                for sent in self._sent(pair, values, random):
                    found = self._compared(pair, sent)
                    if found is not None:
                        seen[pair], runs = seen[pair] + 1, runs + 1
                        results[pair].add(found)
        return runs

    def _sent(self, pair: Pair, values: Values, random: Random) -> Iterator[list[str | None]]:
        """Yield values for a pair's parameters, of the types that PostgreSQL reads in the original."""
        types = self._types(pair.original)
        if self._types(pair.rewritten, len(types)) != types:
            raise Differs("a value sent along would be of another type")
        for _ in range(_RUNS if types else 1):
            yield [values.sent(oid, random) for oid in types]

    def _types(self, sql: str, count: int = 0) -> list[int]:
        """Return the types of a statement's parameters; a number that it leaves out is text."""
        used = _numbers(sql)
        count = max(count, *used, 0)
        given = [0 if number in used else _TEXT for number in range(1, count + 1)]
        link = self._connection.pgconn
        with self._connection.transaction():
            answer = link.prepare(b"", sql.encode(), given)
            if answer.status != psycopg.pq.ExecStatus.COMMAND_OK:
                raise CannotPlan(f"it cannot be run on a scratch database: {_said(answer)}", hint="see its types")
            described = link.describe_prepared(b"")
            return [described.param_type(place) for place in range(described.nparams)]

    def _compared(self, pair: Pair, sent: Sequence[str | None]) -> tuple[Row, ...] | None:
        """Return what both statements gave, None when the original fails on this data."""
        expected = self._rows(pair.original, sent)
        if isinstance(expected, str):
            return None
        found = self._rows(pair.rewritten, sent)
        if isinstance(found, str):
            raise Differs(f"the rewritten statement fails: {found}")
        if Counter(expected) != Counter(found):
            raise Differs(f"{len(expected)} rows, then {len(found)}; sent along: {list(sent)}")
        if pair.keys and [row[-pair.keys :] for row in expected] != [row[-pair.keys :] for row in found]:
            raise Differs("the same rows in another order")
        return tuple(sorted(expected, key=repr))

    def _rows(self, sql: str, sent: Sequence[str | None]) -> list[Row] | str:
        """Return a statement's rows as PostgreSQL prints them, or why it failed."""
        used = _numbers(sql)
        given = [0 if number in used else _TEXT for number in range(1, len(sent) + 1)]
        values = [None if value is None else value.encode() for value in sent]
        with self._connection.transaction(force_rollback=True):
            answer = self._connection.pgconn.exec_params(sql.encode(), values, given)
            if answer.status != psycopg.pq.ExecStatus.TUPLES_OK:
                return _said(answer)
            columns = range(answer.nfields)
            return [tuple(answer.get_value(row, column) for column in columns) for row in range(answer.ntuples)]

    def _refuse_volatile(self, texts: Sequence[str]) -> None:
        called = {name.lower() for text in texts for name in re.findall(r"(\w+)\s*\(", text)}
        found = self._connection.execute(_VOLATILE, [list(called)]).fetchone()
        if found is not None:
            raise CannotPlan(f"{found[0]}() gives something else at every call", hint="write it by hand")

    @staticmethod
    def _refuse_empty(
        tables: Sequence[Table], filler: Filler, seen: Counter[Pair], results: dict[Pair, set[tuple[Row, ...]]]
    ) -> None:
        """Refuse to call it proven when hardly anything was compared."""
        never = [table.name for table in tables if table.name not in filler.filled]
        if never:
            raise CannotPlan(f"no generated row passes the constraints of {never[0]}", hint="write it by hand")
        # The first pair holds a statement against itself, as it was read; LIMIT may leave little of it.
        if any(seen[pair] < _ENOUGH or len(results[pair]) < 2 for pair in list(results)[1:] or results):
            raise CannotPlan("generated rows did not reach it: it gave nothing, or the same each time", hint="by hand")


@contextmanager
def scratch(blueprint: Blueprint, *, bin_dir: Path | None = None) -> Iterator[Scratch]:
    """Make a database with a blueprint's schema and without its sizes, on a server of its own, while the block runs."""
    locale = "C" if blueprint.c_collation else OTHER_THAN_C
    bin_dir = bin_dir or find_binaries(major=OLDEST_MAJOR)
    with private_server(settings=_SETTINGS, bin_dir=bin_dir, initdb=(*CLUSTER, f"--locale={locale}")) as server:
        password = "scratch"
        build.prepare(server, blueprint, password)
        with connect(server, password, replace(blueprint, settings={})).connection as owner:
            build.create(owner, blueprint.objects)
            yield Scratch(owner)


def _numbers(sql: str) -> set[int]:
    return {int(token[1:]) for kind, token in sqltext.tokens(sql) if kind == "param" and token != "?"}


def _said(answer: psycopg.pq.abc.PGresult) -> str:
    return (answer.error_field(psycopg.pq.DiagnosticField.MESSAGE_PRIMARY) or b"").decode(errors="replace")
