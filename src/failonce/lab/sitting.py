"""One session with a twin in which many statements are planned: opening one takes longer than planning a hundred.

Statements are planned and never run. Each is asked for by itself: what cannot be planned does not end the sitting.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from failonce import catalog, sqltext
from failonce.lab.twin import Twin
from failonce.lab.twin.session import Session
from failonce.model.errors import CannotPlan
from failonce.structure import Structure


class Sitting:
    """An open session with a twin."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.structure: Structure = catalog.read(session.connection)

    def explain(self, sql: str) -> dict[str, Any]:
        """Return the plan of a statement as written, its parameters `$n`: the object under "Plan".

        Raises CannotPlan, with PostgreSQL's own words.
        """
        if any(sqltext.semicolons(sql.rstrip().rstrip(";"))):
            raise CannotPlan("this is more than one statement", hint="Separate them with semicolons at line ends.")
        return self._session.explain(sql)


@contextmanager
def sitting(twin: Twin, ddl: Sequence[str] = ()) -> Iterator[Sitting]:
    """Sit with a twin on which this DDL has been run, while the block runs."""
    with twin.trial(ddl) as session:
        yield Sitting(session)
