"""Values as JSON: the same bytes for the same value, instants in ISO 8601 with offset, keys in the model's order."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def dumps(value: Any) -> str:
    """Return a model value as indented JSON with a newline at its end."""
    plain = msgspec.to_builtins(value, builtin_types=(datetime,))
    return msgspec.json.format(msgspec.json.encode(_portable(plain)), indent=2).decode() + "\n"


def loads(text: str | bytes, kind: type[T]) -> T:
    """Return the model value that `dumps` wrote."""
    return msgspec.json.decode(text, type=kind)


def write(path: Path, value: Any) -> None:
    """Write a value as JSON to a file."""
    path.write_text(dumps(value), encoding="utf-8")


def _portable(value: Any) -> Any:
    """Replace what JSON has no word for: an infinite bound becomes a string, an instant gets its offset in digits."""
    if isinstance(value, dict):
        return {key: _portable(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_portable(v) for v in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return str(value)
    return value.value if isinstance(value, Enum) else value
