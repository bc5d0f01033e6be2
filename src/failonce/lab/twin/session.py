"""A session on the twin that plans: EXPLAIN of one statement at a time, in read-only transactions, never executed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg

from failonce import plantree
from failonce.lab.server import PrivateServer
from failonce.lab.twin.build import OWNER
from failonce.lab.twin.explainable import explainable, forms, typed
from failonce.lab.twin.mask import spelled_out
from failonce.model.blueprint import Blueprint
from failonce.model.errors import CannotPlan
from failonce.model.remedy import PlanSummary

_UNTYPED = re.compile(r"could not determine data type of parameter (\$\d+)")
# A name that this version of the server does not know is left out by the join.
_SET_CONFIG = """
select set_config(s.name, x.setting, false) from unnest(%s::text[], %s::text[]) as x(name, setting)
  join pg_settings s using (name)
"""
_PLAN_WITHIN = "10s"
#: What a person can do about an error, by SQLSTATE or its class.
_HINTS = {
    "42P01": "the twin has no such relation: pull it again if production has it",
    "42703": "the twin has no such column: pull it again if production has it",
    "42883": "the twin has no such function or operator for these types: cast the parameters, as in $1::bigint",
    "42704": "the twin lacks a type of this statement: its extension may be missing here; see `failonce twin up`",
    "42601": "only SELECT, INSERT, UPDATE, DELETE and MERGE are planned, one statement at a time; if this one is cut "
    "off, set track_activity_query_size = 4096 in production",
    "22": "a value in the statement does not fit its type",
    "57014": "planning took longer than ten seconds",
}
_NO_HINT = "check that the statement runs in production"


@dataclass(slots=True)
class Session:
    """One connection, its settings production's. After an error the next statement is planned all the same."""

    connection: psycopg.Connection[Any]
    blueprint: Blueprint
    #: The sizes of relations, for what reads the largest.
    bytes_of: dict[str, int] = field(default_factory=dict)

    def plan(self, query: str) -> PlanSummary:
        """Plan a statement, with `?` or `$1` for its values or with values."""
        text, tree = self._planned(query)
        lines = self._run(text, "text")
        node = plantree.main_reader(tree, self.bytes_of)
        return PlanSummary(cost=tree["Total Cost"], node=node, plan="\n".join(line for (line,) in lines))

    def explain(self, query: str, *, verbose: bool = False) -> dict[str, Any]:
        """Return the plan as EXPLAIN (FORMAT JSON) gives it: the object under "Plan"."""
        return self._planned(query, "json, verbose" if verbose else "json")[1]

    def explain_again(self, text: str) -> dict[str, Any]:
        """Return the verbose plan of a text that `form_of` returned: known to be one statement that can be planned."""
        rows = self.connection.execute(f"explain (generic_plan, format json, verbose) {text}".encode()).fetchall()
        plan: dict[str, Any] = rows[0][0][0]["Plan"]
        return plan

    def form_of(self, query: str) -> str:
        """Return the statement as PostgreSQL takes it, its values as parameters where they are not known."""
        return self._planned(query)[0]

    def _planned(self, query: str, format_: str = "json") -> tuple[str, dict[str, Any]]:
        """Return the form of the statement that PostgreSQL takes, and its plan."""
        refused: list[psycopg.Error] = []
        for form in forms(query, known=self._known()):
            text = explainable(form)
            try:
                return self._explained(text, format_)
            except psycopg.Error as error:
                refused.append(error)
        raise _cannot_plan(query, refused[0])

    def _explained(self, text: str, format_: str) -> tuple[str, dict[str, Any]]:
        """Explain a statement with parameters; one whose type nothing tells is taken for text."""
        while True:
            try:
                [([explained],)] = self._run(text, format_)
                return text, explained["Plan"]
            except psycopg.Error as refused:
                unknown = _UNTYPED.search(str(refused))
                better = typed(text, unknown[1], "text") if unknown else text
                if better == text:
                    raise
                text = better

    def _run(self, text: str, form: str) -> list[tuple[Any, ...]]:
        explain = f"explain (generic_plan, format {form}) {text}".encode()
        with self.connection.transaction(force_rollback=True):
            self._refuse_several(explain)
            return self.connection.execute(explain).fetchall()

    def _refuse_several(self, text: bytes) -> None:
        """Parse without running: the extended protocol takes one statement only, whatever hides behind a semicolon."""
        parsed = self.connection.pgconn.prepare(b"", text)
        if parsed.status == psycopg.pq.ExecStatus.FATAL_ERROR:
            raise psycopg.errors.error_from_result(parsed)

    def _known(self) -> frozenset[str] | None:
        """Return the texts that a masked twin knows; all others are unknown values to it."""
        return spelled_out(self.blueprint) if self.blueprint.masked else None


def connect(server: PrivateServer, password: str, blueprint: Blueprint, *, options: Sequence[str] = ()) -> Session:
    """Open a session of the twin's owner, with production's planner settings."""
    connection = psycopg.connect(server.dsn(user=OWNER, password=password), autocommit=True, prepare_threshold=None)
    settings = {**blueprint.settings, "statement_timeout": _PLAN_WITHIN}
    connection.execute(_SET_CONFIG, [list(settings), list(settings.values())])
    sizes = {r.name: r.bytes or 0 for r in blueprint.relations}
    return Session(connection, blueprint, sizes)


def _cannot_plan(query: str, error: psycopg.Error) -> CannotPlan:
    state = error.sqlstate or ""
    hint = _HINTS.get(state) or _HINTS.get(state[:2]) or _NO_HINT
    if query.lstrip().startswith("\\"):
        hint = "this is a command of psql, not SQL: leave it out"
    return CannotPlan(f"the twin cannot plan this statement: {error.diag.message_primary or error}", hint=hint)
