"""What an endpoint is: everything that routing, checking and the OpenAPI document need to know of it, said once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from failonce.app.bookkeeping import Book
from failonce.model.account import Scope
from failonce.model.viewer import Stamp, Viewer


@dataclass(frozen=True, slots=True)
class Call:
    """One request, checked: who asks for what."""

    book: Book
    stamp: Stamp
    #: The parts of the path in braces.
    path: Mapping[str, str]
    #: What stands behind the question mark, as the endpoint's `query`; None when it has none.
    query: Any = None
    #: What was sent, as the endpoint's `body`; None when it has none.
    body: Any = None

    @property
    def viewer(self) -> Viewer:
        """Who asks."""
        return self.stamp.by


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One thing that can be asked or done."""

    method: str
    #: Behind /api/v1, such as /incidents/{id}.
    path: str
    #: In one sentence.
    summary: str
    #: The type of the answer; None: there is none.
    answer: Any
    work: Callable[[Call], Any]
    #: A msgspec Struct of the parameters behind the question mark.
    query: type | None = None
    #: A msgspec Struct of what is sent.
    body: type | None = None

    @property
    def scope(self) -> Scope:
        """What a token must be for."""
        return Scope.READ if self.method == "GET" else Scope.WRITE

    @property
    def status(self) -> int:
        """The status of a good answer."""
        if self.answer is None:
            return 204
        return 201 if self.method == "POST" else 200
