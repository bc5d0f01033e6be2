"""Read a file of SQL: its statements with their lines, and what in it is no SQL. Pure.

Files are written for psql, for a mapper or for a code generator: meta-commands, COPY data and placeholders of every
style occur.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from failonce import sqltext

_META = re.compile(r"^[ \t]*\\[a-z!?]", re.IGNORECASE)
#: These end a statement as a semicolon does, and say what to do with its rows.
_SENDS = re.compile(r"\\(?:gset|gexec|gdesc|gx|g|crosstabview|watch|bind)\b.*$", re.IGNORECASE)
_COPY_DATA = re.compile(r"^\s*copy\b.*\bfrom\s+stdin\b", re.IGNORECASE | re.DOTALL)
#: The body of a function in SQL (`begin atomic ... end`) holds semicolons of its own.
_ATOMIC = re.compile(r"\bbegin\s+atomic\b", re.IGNORECASE)
_ENDED = re.compile(r"\bend\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Written:
    """One statement of a file, as it stands there."""

    sql: str
    line: int


def split(text: str) -> tuple[tuple[Written, ...], tuple[str, ...]]:
    """Return a file's statements, and notes about what was passed over."""
    found: list[Written] = []
    notes: list[str] = []
    for line, part in _pieces(_without_meta(text, notes)):
        code = sqltext.without_comments(part).strip()
        if code:
            # The comments stay with it: they may turn a rule off.
            lead = len(part) - len(part.lstrip())
            found.append(Written(part.strip(), line + part[:lead].count("\n") + _comment_lines(part.strip())))
    return tuple(found), tuple(notes)


def _without_meta(text: str, notes: list[str]) -> str:
    """Blank out psql's commands and the data of COPY, line for line, so that lines keep their numbers."""
    kept: list[str] = []
    in_data, statement = False, ""
    for number, line in enumerate(text.split("\n"), start=1):
        if in_data:
            in_data = line.strip() != "\\."
            kept.append("")
        elif _META.match(line) and not _inside(statement):
            notes.append(f"Line {number}: {line.split()[0]} is a command of psql; it was passed over.")
            kept.append("")
        else:
            sends = _SENDS.search(line)
            if sends and not _inside(f"{statement}\n{line[: sends.start()]}"):
                notes.append(
                    f"Line {number}: {sends[0].split()[0]} is a command of psql; it was taken for a semicolon."
                )
                line = line[: sends.start()] + ";"
            kept.append(line)
            statement = f"{statement}\n{line}"
            if ";" in line:
                last = sqltext.without_comments(statement).strip()
                in_data = bool(_COPY_DATA.match(last.rpartition(";")[0].rpartition(";")[2]))
                statement = "" if last.endswith(";") else statement
    return "\n".join(kept)


def _inside(statement: str) -> bool:
    """Tell whether a statement stands open within a literal."""
    return statement.count("'") % 2 == 1 or statement.count("$$") % 2 == 1


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield each piece between semicolons, and the line it begins on."""
    line, start = 1, 0
    for end in sqltext.semicolons(text):
        piece = text[start:end]
        if _ATOMIC.search(piece) and not _ENDED.search(piece):
            continue
        yield line, piece
        line += text.count("\n", start, end)
        start = end + 1
    yield line, text[start:]


def _comment_lines(piece: str) -> int:
    """Return how many lines of comment stand before the statement itself."""
    before = piece[: len(piece) - len(sqltext.after_comments(piece))]
    return before.count("\n")
