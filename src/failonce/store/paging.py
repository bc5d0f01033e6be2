"""Read long lists page by page: by the place of the last row seen, never by counting past rows.

So page 1,000 costs what page 1 costs, and a row that comes in meanwhile moves nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Integer, Row, Select, func, literal, tuple_

from failonce.model.errors import UsageError
from failonce.model.page import Page
from failonce.store.tables import Instant

T = TypeVar("T")
#: More than any screen shows.
LARGEST = 500
_LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Order:
    """By which columns a list is sorted; together they are unique."""

    columns: tuple[ColumnElement[Any], ...]
    descending: bool = False


def read_page(
    connection: Connection,
    query: Select[Any],
    made: Callable[[Row[Any]], T],
    *,
    order: Order,
    window: tuple[str | None, int],
) -> Page[T]:
    """Return the page behind `window`: the `after` of the page before, and how many rows at most."""
    after, limit = window
    limit = max(1, min(limit, LARGEST))
    total: int = connection.execute(
        query.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
    ).scalar_one()
    keys = [column.label(f"key_{number}") for number, column in enumerate(order.columns)]
    wanted = query.add_columns(*keys).order_by(*(c.desc() if order.descending else c for c in order.columns))
    if after is not None:
        wanted = wanted.where(_behind(order, _decoded(after, order.columns)))
    rows = connection.execute(wanted.limit(limit + 1)).all()
    shown = rows[:limit]
    following = _encoded(shown[-1][-len(keys) :]) if len(rows) > limit else None
    return Page(tuple(made(row) for row in shown), following, total)


def _behind(order: Order, place: Sequence[Any]) -> ColumnElement[bool]:
    here = tuple_(*order.columns)
    there = tuple_(*(literal(value, column.type) for value, column in zip(place, order.columns, strict=True)))
    return here < there if order.descending else here > there


def _encoded(place: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(list(place))).decode().rstrip("=")


def _decoded(after: str, columns: Sequence[ColumnElement[Any]]) -> list[Any]:
    try:
        place = msgspec.json.decode(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)), type=list[str | int])
    except (ValueError, msgspec.DecodeError):
        place = []
    try:
        return [_typed(value, column) for value, column in zip(place, columns, strict=True)]
    except (ValueError, OverflowError):
        raise UsageError(
            "This is not a place in the list.", hint="Begin at the first page: leave `after` out."
        ) from None


def _typed(value: str | int, column: ColumnElement[Any]) -> Any:
    """Return a value as its column has it: what comes from outside may be anything."""
    if isinstance(column.type, Instant):
        return datetime.fromisoformat(str(value)).astimezone(UTC)
    if isinstance(value, int):
        is_one = isinstance(column.type, Integer) and abs(value) <= _LARGEST_NUMBER
    else:
        is_one = not isinstance(column.type, Integer) and "\x00" not in value
    if not is_one:
        raise ValueError(value)
    return value
