"""What a line of the live review is made of: the server as it was found, and what an answer means. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Row = Mapping[str, Any]

OK, WARNING, ERROR, NOT_CHECKED = "ok", "warning", "error", "not checked"
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Server:
    """What a rule may have to know beside its own answer."""

    #: server_version_num: 180006.
    version: int
    today: date
    settings: Mapping[str, str]
    database_bytes: int
    #: Days since the server's counters began; None when that is not known.
    counting_days: float | None
    #: Of the machine, when the database runs on this one.
    memory_bytes: int | None = None
    #: Who looks, as SQL takes the name.
    role: str = "failonce"

    @property
    def major(self) -> int:
        """The major version."""
        return self.version // 10_000

    def number(self, setting: str) -> float:
        """Return a setting as a number, 0 when there is none."""
        try:
            return float(self.settings.get(setting, 0))
        except ValueError:
            return 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """How a line comes out."""

    #: `ok`, `warning`, `error` or `not checked`.
    state: str
    found: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the page."""

    id: str
    state: str
    title: str
    found: str
    why: str
    instead: str


def ok(found: str) -> Answer:
    """Return that all is well."""
    return Answer(OK, found)


def listed(names: Sequence[str]) -> str:
    """Return names for a line: the first few, and how many more.

    >>> listed(["a", "b", "c", "d", "e", "f", "g"])
    'a, b, c, d, e and 2 more'
    """
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
