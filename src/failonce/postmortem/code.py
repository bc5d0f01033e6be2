"""The code in a document: fenced blocks and code spans, each with its line. Linear in the text's length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"[ \t>]*(?:[-*+][ \t]+)?(?P<marks>`{3,}|~{3,})(?P<language>[^`\n]{0,200})$")
_SPAN = re.compile(r"`([^`\n]{1,400})`")
# SQL as people paste it without any mark.
_BARE = re.compile(r"[ \t>*-]*(?P<sql>(?:SELECT|ALTER|CREATE|DROP|SHOW|SET|EXEC|UPDATE|DELETE|VACUUM|KILL)\s.{3,400})")


@dataclass(frozen=True, slots=True)
class Code:
    """One line of a fenced block, one code span, or one line that begins as SQL does."""

    line: int
    text: str
    language: str = ""


def code(text: str) -> Iterator[Code]:
    """Yield the code of a document, in order."""
    fence = ""
    language = ""
    for number, line in enumerate(text.split("\n"), start=1):
        match = _fence(line)
        if match and not fence:
            fence, language = match["marks"], match["language"].strip()
        elif match and fence and match["marks"].startswith(fence) and not match["language"].strip():
            fence = ""
        elif fence:
            yield Code(number, line, language)
        elif line:
            yield from (Code(number, span) for span in _SPAN.findall(line))
            bare = _BARE.match(line)
            if bare:
                yield Code(number, bare["sql"])


def unclosed(text: str) -> int | None:
    """Return the line of a fence that is never closed, or None."""
    fence, opened = "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        match = _fence(line)
        if match and not fence:
            fence, opened = match["marks"], number
        elif match and fence and match["marks"].startswith(fence) and not match["language"].strip():
            fence = ""
    return opened if fence else None


def _fence(line: str) -> re.Match[str] | None:
    """Return a line that opens or closes a block; most lines have no such character at all."""
    return _FENCE.match(line) if "`" in line or "~" in line else None
