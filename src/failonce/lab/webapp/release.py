"""What every release of a sample application may change; an application adds what is its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Release:
    """One version of an application; what is not set is as in the first one."""

    name: str
    changes: str
    #: On the route of this name a connection is kept, its transaction open, for a feature that never came.
    keeps_connections_on: str | None = None
    #: The same, but outside a transaction.
    keeps_idle_connections_on: str | None = None
    #: There is no pool: a connection is opened for each request.
    connects_each_time: bool = False
    #: And it is not closed when the request is done.
    forgets_to_close: bool = False
    #: The driver prepares each statement on the server, at its first call.
    prepares_statements: bool = False
    #: Nothing that was computed is kept for the next visitor.
    caches_nothing: bool = False
