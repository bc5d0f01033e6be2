"""What pages compute of the whole book, kept until the book changes; for each circle of viewers who see the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from failonce.model.viewer import Viewer

T = TypeVar("T")
#: Circles times pages times days; what is not asked for any more goes with the rest.
_MOST = 256


class Memory:
    """Values by what was asked and who asked, each with the version of the book that it is of."""

    def __init__(self, version: Callable[[], str]) -> None:
        """Ask `version` what the book's is now."""
        self._version = version
        self._kept: dict[tuple[Hashable, ...], tuple[str, Any]] = {}

    def of(self, viewer: Viewer, asked: Hashable, compute: Callable[[], T]) -> T:
        """Return what was computed, or compute it when the book has changed since."""
        key, version = (viewer.sees_all, viewer.groups, asked), self._version()
        known = self._kept.get(key)
        if known is not None and known[0] == version:
            found: T = known[1]
            return found
        # The version was asked before: what is computed may be newer than it says, never older.
        made = compute()
        if len(self._kept) >= _MOST:
            self._kept.clear()
        self._kept[key] = (version, made)
        return made
