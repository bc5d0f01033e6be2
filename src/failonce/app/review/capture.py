"""Capture what a test suite sends, and review it when the tests are over."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from failonce import sqltext
from failonce.app.review.statements import Sources
from failonce.guard.capture.recorder import Recorder, Sent, resolved

_CAPTURES = ("psycopg3", "sqlalchemy", "django")
_CATALOG = ("pg_", "information_schema.")
_MOST_TRANSACTIONS = 1_000_000_000


class Capture:
    """The capture of one process."""

    def __init__(self, root: Path) -> None:
        """Name files from `root`. Nothing is captured before `attach`."""
        self._recorder = Recorder(root)
        self._attached: dict[str, Callable[[], None]] = {}
        self._elsewhere: list[Sent] = []
        self._workers = 0

    def attach(self) -> None:
        """Attach to what the program has imported meanwhile; asking again costs a look."""
        if len(self._attached) == len(_CAPTURES):
            return
        for name in _CAPTURES:
            if name not in self._attached:
                module = importlib.import_module(f"failonce.guard.capture.{name}")
                if module.MODULE in sys.modules:
                    self._attached[name] = module.attach(self._recorder)

    def begin(self, test: str) -> None:
        """Say which test sends from now on."""
        self._recorder.test = test

    def detach(self) -> None:
        """Leave everything as it was."""
        for end in self._attached.values():
            end()
        self._attached.clear()

    def dump(self) -> list[Any]:
        """Return what was captured, to be sent to another process."""
        return [list(sent) for sent in self._recorder.sent]

    def take(self, dumped: Iterable[Any]) -> None:
        """Take what another process captured."""
        self._workers += 1
        for sql, lines, test, transaction, wildcard, offset in dumped:
            # Each process counts its transactions from 1.
            own = None if transaction is None else transaction + self._workers * _MOST_TRANSACTIONS
            self._elsewhere.append((sql, tuple((str(f), int(n)) for f, n in lines), test, own, wildcard, offset))

    def sources(self) -> Sources:
        """Return everything captured, for a review."""
        statements, executions, passed_over = resolved([*self._recorder.sent, *self._elsewhere])
        own = tuple(each for each in statements if _is_own(sqltext.relations(each.sql)))
        return Sources(own, executions, passed_over)


def _is_own(relations: Sequence[str]) -> bool:
    """Tell whether a statement reads tables of the program's own: drivers and frameworks ask the catalog."""
    return any(not name.startswith(_CATALOG) for name in relations)
