"""A B-tree as tall as production's, with nothing in it: the planner charges for each level it would have to descend.

The height stands in the index's first page (nbtree.h, BTMetaPageData). Below it goes one page a level, down to an empty
leaf, because the planner may look an index's ends up (get_actual_variable_range) and must find a tree.
"""

from __future__ import annotations

import math
import struct
from pathlib import Path

BLOCK_BYTES = 8192
# bufpage.h: the header; nbtree.h: the space at a page's end.
_HEADER_BYTES, _SPECIAL_BYTES = 24, 16
_SPECIAL_AT = BLOCK_BYTES - _SPECIAL_BYTES
_LAYOUT_VERSION = 4
_LEAF, _ROOT = 1, 2
# itemid.h: a normal line pointer. itup.h: the tuple's pointer is a downlink.
_NORMAL, _DOWNLINK = 1 << 15, 0x2000
_TUPLE_BYTES = 8
# Root, level, fast root and its level follow magic number and version.
_ROOT_AT = _HEADER_BYTES + 8
# BTREE_NONLEAF_FILLFACTOR.
_FILLED = 0.7
_POINTER_BYTES = 12


def levels(pages: int, key_bytes: float) -> int:
    """Return how many levels a B-tree of so many pages has above its leaves.

    >>> [levels(pages, 4) for pages in (2, 3, 250, 2745, 300_000)]
    [0, 1, 1, 2, 3]
    """
    fan_out = _FILLED * (_SPECIAL_AT - _HEADER_BYTES) / (_POINTER_BYTES + math.ceil(max(key_bytes, 1) / 8) * 8)
    fan_out = max(fan_out, 2.0)
    above, on_level = 0, (pages - 1) * (1 - 1 / fan_out)
    while on_level > 1:
        on_level, above = on_level / fan_out, above + 1
    return above


def raise_to(path: Path, height: int) -> None:
    """Give an empty index, whose file has its first page only, so many levels above the leaf."""
    with path.open("r+b") as file:
        file.seek(_ROOT_AT)
        file.write(struct.pack("<IIII", 1, height, 1, height))
        file.seek(BLOCK_BYTES)
        for level in range(height, -1, -1):
            below = height - level + 2
            file.write(_page(level, below if level else None, is_root=level == height))


def _page(level: int, below: int | None, *, is_root: bool) -> bytes:
    flags = (_ROOT if is_root else 0) | (0 if below else _LEAF)
    special = struct.pack("<IIIHH", 0, 0, level, flags, 0)
    lower, upper, body = _HEADER_BYTES, _SPECIAL_AT, b""
    if below:
        lower, upper = lower + 4, upper - _TUPLE_BYTES
        line = struct.pack("<I", upper | _NORMAL | _TUPLE_BYTES << 17)
        # The first key of an inner page is minus infinity: a pointer alone.
        tuple_ = struct.pack("<HHHH", below >> 16, below & 0xFFFF, 0, _TUPLE_BYTES | _DOWNLINK)
        body = line + bytes(upper - lower) + tuple_
    else:
        body = bytes(upper - lower)
    header = struct.pack("<QHHHHHHI", 0, 0, 0, lower, upper, _SPECIAL_AT, BLOCK_BYTES | _LAYOUT_VERSION, 0)
    return header + body + special
