"""A long list, read page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A stretch of a list, and where the next one begins."""

    items: tuple[T, ...]
    #: Given back as `after` it yields the next page; None on the last one.
    next: str | None
    #: How many there are in the whole list, as far as the viewer may see.
    total: int
