"""A page: its route, the visit it answers, and what it may ask of the database and of others."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

from failonce.lab.webapp.release import Release

Row = dict[str, Any]
R = TypeVar("R", bound=Release)


class Missing(LookupError):
    """There is no such page or thing."""


class Refused(ValueError):
    """The visitor asked for what cannot be done, such as buying what is sold out."""


class Statements(Protocol):
    """A connection on loan from the pool; parameters stay text, so that the server gives each the column's type."""

    def rows(self, sql: str, **parameters: object) -> list[Row]: ...

    def transaction(self) -> AbstractContextManager[Any]: ...


@dataclass(frozen=True)
class Visit(Generic[R]):
    """One request, as a page needs it."""

    #: From the path and the query.
    parameters: dict[str, str]
    release: R
    database: Callable[[], AbstractContextManager[Statements]]
    #: Asks a service that is somebody else's and may be slow: not with a connection in hand.
    third_party: Callable[[str], Row | None]
    #: Returns what was computed for the key a while ago, or computes it.
    cached: Callable[[str, Callable[[], object]], object]


@dataclass(frozen=True)
class Page:
    """A page and its route, in which `:id` stands for a number."""

    method: str
    route: str
    render: Callable[[Visit[Any]], object]

    @cached_property
    def path(self) -> re.Pattern[str]:
        return re.compile(self.route.replace(":id", r"(?P<id>\d{1,9})"))
