"""One session with a twin in which many statements are planned: opening one takes longer than planning a hundred.

Statements are planned and never run. Each is asked for by itself: what cannot be planned does not end the sitting.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from failonce import catalog, sqltext
from failonce.lab.explainable import plannable, typed
from failonce.lab.twin import UNTYPED, Twin
from failonce.model.errors import CannotLook
from failonce.structure import Structure


class Sitting:
    """An open session with a twin."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self.structure: Structure = catalog.read(connection)

    def explain(self, sql: str) -> dict[str, Any]:
        """Return the plan of a statement as written, its parameters `$n`: the object under "Plan".

        Raises CannotLook, with PostgreSQL's own words.
        """
        if any(sqltext.semicolons(sql.rstrip().rstrip(";"))):
            raise CannotLook("this is more than one statement", hint="Separate them with semicolons at line ends.")
        return self._explain(plannable(sql))

    def _explain(self, text: str) -> dict[str, Any]:
        try:
            with self._connection.transaction():
                [([explained],)] = self._connection.execute(
                    f"explain (generic_plan, verbose off, format json) {text}".encode()
                ).fetchall()
                plan: dict[str, Any] = explained["Plan"]
                return plan
        except psycopg.Error as refused:
            unknown = UNTYPED.search(str(refused))
            if unknown and (better := typed(text, unknown[1], "text")) != text:
                return self._explain(better)
            raise CannotLook(
                str(refused.diag.message_primary or refused).splitlines()[0],
                hint="Bring the twin up to date with the schema that the statement needs: failonce twin pull.",
            ) from refused


@contextmanager
def sitting(twin: Twin) -> Iterator[Sitting]:
    """Sit with a twin while the block runs."""
    with twin.session() as connection:
        yield Sitting(connection)
