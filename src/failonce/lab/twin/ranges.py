"""Ranges as PostgreSQL writes them, taken apart and put together again. Pure text."""

from __future__ import annotations

import re
from collections.abc import Mapping

_BOUND = r'"(?:[^"\\]|""|\\.)*"|[^,"()\[\]]*'
_RANGE = re.compile(rf"([\[(])({_BOUND}),({_BOUND})([\])])")


def bounds(text: str) -> tuple[str, ...]:
    """Return a range's bounds, without those that are open for ever.

    >>> bounds('["2026-01-02 10:31:07+00",)'), bounds("[3,17)"), bounds("empty")
    (('2026-01-02 10:31:07+00',), ('3', '17'), ())
    """
    found = _RANGE.fullmatch(text)
    return tuple(_unquoted(bound) for bound in found.group(2, 3) if bound) if found else ()


def with_bounds(text: str, images: Mapping[str, str]) -> str | None:
    """Return the range with other bounds; None when one is not among them, or it is no range.

    >>> with_bounds("[3,17)", {"3": "1", "17": "2"}), with_bounds("[3,17)", {"3": "1"})
    ('["1","2")', None)
    """
    found = _RANGE.fullmatch(text)
    if found is None or any(bound not in images for bound in bounds(text)):
        return None
    lower, upper = (_quoted(images[_unquoted(bound)]) if bound else "" for bound in found.group(2, 3))
    return f"{found[1]}{lower},{upper}{found[4]}"


def _unquoted(bound: str) -> str:
    if not bound.startswith('"'):
        return bound
    return re.sub(r'""|\\(.)', lambda match: match[1] or '"', bound[1:-1])


def _quoted(bound: str) -> str:
    return '"' + bound.replace("\\", "\\\\").replace('"', '""') + '"'
