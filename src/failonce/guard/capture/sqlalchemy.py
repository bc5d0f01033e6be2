"""SQLAlchemy on any driver but psycopg 3: its events before each statement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from failonce.guard.capture.recorder import Recorder

MODULE = "sqlalchemy.engine"
#: These are told by their own hooks.
_TOLD_ELSEWHERE = ("psycopg", "psycopg_async")


def attach(recorder: Recorder) -> Callable[[], None]:
    """Begin to record; return what ends it."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    began: set[int] = set()

    def begin(connection: Any) -> None:
        began.add(id(connection))

    def before(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if connection.dialect.driver in _TOLD_ELSEWHERE:
            return
        first = id(connection) in began
        began.discard(id(connection))
        recorder.record(
            statement, parameters, connection=id(connection), began=first, within=connection.in_transaction()
        )

    event.listen(Engine, "begin", begin)
    event.listen(Engine, "before_cursor_execute", before)

    def end() -> None:
        event.remove(Engine, "begin", begin)
        event.remove(Engine, "before_cursor_execute", before)

    return end
