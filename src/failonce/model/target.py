"""A database and its application, as configured."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Target:
    """What to watch. Everything but the database is optional: what is not given becomes a Gap."""

    name: str
    #: For the monitoring role (pg_monitor, no superuser). Its password never appears in a message or a recording.
    dsn: str = field(repr=False)
    #: The application's Prometheus endpoint.
    metrics_url: str | None = None
    #: True when the database runs on this machine, so that its CPU, memory and disk can be read.
    local: bool = False
    #: For a role that may create indexes and dump the schema; used only for the proof and when told to apply a fix.
    operator_dsn: str | None = field(default=None, repr=False)
    #: The server's log, when the server runs on this machine and does not say itself where it is.
    log_file: str | None = None
