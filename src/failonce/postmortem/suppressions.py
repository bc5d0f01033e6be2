"""Suppressions: `<!-- failonce: ignore RULE: reason -->` in a document turns a rule off for it, for a reason told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_COMMENT = re.compile(r"<!--[ \t]*failonce:[ \t]*ignore\b[ \t]*([\w-]{0,80})[ \t]*:?([^>]{0,500}?)-->")
_FENCE = re.compile(r"[ \t]{0,3}(?:```|~~~)")


@dataclass(frozen=True, slots=True)
class Suppression:
    """One rule turned off for the whole document, where, and why; without a reason it does not hold."""

    line: int
    rule: str
    reason: str
    written: str


def suppressions(text: str) -> Iterator[Suppression]:
    """Yield what a document suppresses, in order; a comment inside a code block is an example and holds for nothing."""
    if "failonce:" not in text:
        return
    fenced = False
    for number, line in enumerate(text.split("\n"), start=1):
        fenced ^= bool(_FENCE.match(line))
        for match in _COMMENT.finditer(line) if not fenced else ():
            yield Suppression(number, match[1], match[2].strip(), match[0])
