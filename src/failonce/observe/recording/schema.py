"""Snapshots as Arrow: one row each, its parts as nested columns.

The Arrow schema is derived from the type hints in `failonce.model.snapshot`: a field added there is recorded at once,
and an older recording, which has no such column, reads back with the field's default.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import is_dataclass
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import pyarrow as pa

from failonce.model.snapshot import Snapshot

Row = dict[str, Any]

# An offset and not "UTC": a machine without a time zone database must be able to read it too.
_INSTANT = pa.timestamp("us", tz="+00:00")
_SCALARS = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_(), datetime: _INSTANT}

# Digits behind the point that are kept; more of them is noise, and half of a day's bytes. Measured times and shares
# keep three, a route's seconds are the sum of many short times, and a histogram's bounds are exact.
_DECIMALS = {"seconds": 4, "bounds_s": None}
_MEASURED = 3


def arrow_type(hint: Any) -> pa.DataType:
    """Return the Arrow type for a type hint; every Arrow value may be null, so `X | None` is `X`."""
    if hint in _SCALARS:
        return _SCALARS[hint]
    if is_dataclass(hint):
        return pa.struct(_fields(hint))
    if get_origin(hint) is tuple:
        return pa.list_(arrow_type(get_args(hint)[0]))
    if get_origin(hint) is UnionType:
        (present,) = (option for option in get_args(hint) if option is not NoneType)
        return arrow_type(present)
    raise TypeError(f"no Arrow type for {hint!r}")


def _fields(noun: Any) -> list[pa.Field]:
    return [pa.field(name, arrow_type(hint)) for name, hint in get_type_hints(noun).items()]


SCHEMA = pa.schema(_fields(Snapshot))


def to_row(snapshot: Snapshot) -> Row:
    """Return a snapshot's values at the precision that is recorded."""
    row: Row = _rounded(msgspec.to_builtins(snapshot, builtin_types=(datetime,)), _MEASURED)
    return row


def from_row(row: Row) -> Snapshot:
    return msgspec.convert(row, Snapshot)


def to_batch(rows: Iterable[Row]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(list(rows), schema=SCHEMA)


def together(batches: list[pa.RecordBatch]) -> pa.Table:
    """Return batches as a table of one piece."""
    return pa.Table.from_batches(batches).combine_chunks()


def to_rows(batch: pa.RecordBatch) -> list[Row]:
    """Return a batch's rows as `to_batch` was given them."""
    rows: list[Row] = batch.cast(pa.schema([_at_offset(field) for field in batch.schema])).to_pylist()
    return rows


def text_columns() -> list[str]:
    """Return the paths of the columns that hold text, as Parquet names them."""
    return [path for field in SCHEMA for path in _texts(field.name, field.type)]


def _texts(path: str, kind: pa.DataType) -> Iterator[str]:
    if pa.types.is_string(kind):
        yield path
    elif pa.types.is_list(kind):
        yield from _texts(f"{path}.list.element", kind.value_type)
    elif pa.types.is_struct(kind):
        for part in kind:
            yield from _texts(f"{path}.{part.name}", part.type)


def _rounded(value: Any, decimals: int | None) -> Any:
    if isinstance(value, float):
        return value if decimals is None else round(value, decimals)
    if isinstance(value, dict):
        return {name: _rounded(part, _DECIMALS.get(name, decimals)) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(part, decimals) for part in value]
    return value


def _at_offset(field: pa.Field) -> pa.Field:
    """Return a field whose instants are told by offset: Parquet gives them back by the zone's name."""
    kind = field.type
    if pa.types.is_timestamp(kind):
        return field.with_type(_INSTANT)
    if pa.types.is_list(kind):
        return field.with_type(pa.list_(_at_offset(kind.value_field)))
    if pa.types.is_struct(kind):
        return field.with_type(pa.struct([_at_offset(part) for part in kind]))
    return field
