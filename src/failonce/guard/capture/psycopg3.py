"""psycopg 3, and with it SQLAlchemy and Django on it: its cursors' execute methods are wrapped."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from failonce.guard.capture.recorder import Recorder

MODULE = "psycopg"
_SENDS = ("execute", "executemany", "stream")


def attach(recorder: Recorder) -> Callable[[], None]:
    """Begin to record; return what ends it."""
    import psycopg

    cursors = (psycopg.Cursor, psycopg.AsyncCursor, psycopg.ServerCursor, psycopg.AsyncServerCursor)
    methods = [(cursor, name) for cursor in cursors for name in _SENDS if name in vars(cursor)]
    undo = [_wrapped(cursor, name, _sending(recorder)) for cursor, name in methods]
    for transaction, enter, leave in (
        (psycopg.Transaction, "__enter__", "__exit__"),
        (psycopg.AsyncTransaction, "__aenter__", "__aexit__"),
    ):
        undo.append(_wrapped(transaction, enter, _nesting(recorder, 1)))
        undo.append(_wrapped(transaction, leave, _nesting(recorder, -1)))

    def end() -> None:
        for restore in undo:
            restore()

    return end


def _wrapped(owner: Any, name: str, before: Callable[..., None]) -> Callable[[], None]:
    """Wrap a method; works alike for coroutines, which only return one later."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        before(self, *args, **kwargs)
        return original(self, *args, **kwargs)

    setattr(owner, name, method)
    return lambda: setattr(owner, name, original)


def _sending(recorder: Recorder) -> Callable[..., None]:
    def before(cursor: Any, query: Any = "", params: Any = None, *_: Any, **__: Any) -> None:
        connection = cursor.connection
        # Nothing that goes wrong here may change what the program meets.
        try:
            idle = connection.pgconn.transaction_status == 0
            text = _text(query, connection)
        except Exception:  # noqa: BLE001
            return
        autocommit = connection.autocommit
        recorder.record(text, params, connection=id(connection), began=idle and not autocommit, within=not idle)

    return before


def _nesting(recorder: Recorder, change: int) -> Callable[..., None]:
    def before(transaction: Any, *_: Any) -> None:
        connection = transaction.connection
        # The outermost begins a transaction, which is told by the connection's state; the others are savepoints.
        outermost = connection.info.transaction_status == 0 if change > 0 else not transaction.savepoint_name
        if not outermost:
            recorder.nested(id(connection), change)

    return before


def _text(query: Any, connection: Any) -> str:
    if isinstance(query, str):
        return query
    return query.decode() if isinstance(query, bytes) else str(query.as_string(connection))
