"""What every source of facts has in common: a name, what its absence costs, and one function to read it.

A source returns the parts of the Snapshot it knows. What it cannot see it raises as Unseen, which becomes a Gap.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypedDict

from failonce.model.catalog import Catalog
from failonce.model.snapshot import (
    Application,
    Connections,
    DatabaseActivity,
    Gap,
    Host,
    IdleGroup,
    LockWait,
    PreparedTransaction,
    Probe,
    Query,
    Server,
    ServerErrors,
    Session,
    Statements,
    Tables,
)


class Parts(TypedDict, total=False):
    """Some parts of a Snapshot, named as there."""

    sessions: tuple[Session, ...]
    connections: Connections
    idle: tuple[IdleGroup, ...]
    lock_waits: tuple[LockWait, ...]
    prepared: tuple[PreparedTransaction, ...]
    statements: Statements
    queries: tuple[Query, ...]
    tables: Tables
    database: DatabaseActivity
    catalog: Catalog
    application: Application
    host: Host
    probe: Probe
    server: Server
    errors: ServerErrors
    gaps: tuple[Gap, ...]


class Source(Protocol):
    """One source of facts."""

    #: As a Gap names it.
    name: str
    #: What cannot be answered without it.
    impact: str

    def read(self, at: datetime) -> Parts:
        """Return what is seen now; `at` is the tick's instant."""
        ...


class Unseen(Exception):
    """A source could not be read, or not all of it."""

    def __init__(self, reason: str, *, hint: str, lasting: bool = False) -> None:
        """`lasting`: nothing changes until somebody follows the hint, so there is no use in asking again soon."""
        super().__init__(reason)
        self.reason = reason
        self.hint = hint
        self.lasting = lasting

    def gap(self, source: str, impact: str) -> Gap:
        return Gap(source=source, reason=self.reason, impact=impact, hint=self.hint)


def merged(several: Iterable[Parts]) -> Parts:
    """Return all parts together; gaps and queries of each are kept."""
    whole: Parts = {}
    gaps: tuple[Gap, ...] = ()
    for parts in several:
        gaps += parts.get("gaps", ())
        whole = whole | parts
    whole["gaps"] = gaps
    return whole
