"""Django on any driver but psycopg 3: a wrapper around each connection's statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from failonce.guard.capture.recorder import Recorder

MODULE = "django.db"


def attach(recorder: Recorder) -> Callable[[], None]:
    """Begin to record; return what ends it."""
    from django.db import connections
    from django.db.backends.signals import connection_created

    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        connection = context["connection"]
        within = bool(connection.in_atomic_block)
        recorder.record(sql, None if many else params, connection=id(connection), began=False, within=within)
        return execute(sql, params, many, context)

    def created(sender: Any, connection: Any, **_: Any) -> None:
        if not _is_psycopg3(connection) and wrapper not in connection.execute_wrappers:
            connection.execute_wrappers.append(wrapper)

    connection_created.connect(created, weak=False, dispatch_uid="failonce")
    for connection in connections.all(initialized_only=True):
        created(None, connection)

    def end() -> None:
        connection_created.disconnect(created, dispatch_uid="failonce")
        for connection in connections.all(initialized_only=True):
            if wrapper in connection.execute_wrappers:
                connection.execute_wrappers.remove(wrapper)

    return end


def _is_psycopg3(connection: Any) -> bool:
    """Tell whether psycopg's own hooks see this connection."""
    return getattr(connection, "Database", None) is not None and connection.Database.__name__ == "psycopg"
