"""What was sent, by whom: kept small while tests run, and made into statements when they are over.

Runs inside other people's tests: it must not fail, cost next to nothing, and keep no value that was sent along.
"""

from __future__ import annotations

import re
import sys
import sysconfig
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, takewhile
from pathlib import Path
from types import FrameType
from typing import Any

from failonce import placeholders, sqltext
from failonce.guard.statement import Place, Statement, merged
from failonce.guard.suite import Execution

#: Frames of the program kept per sending: a line that only passes statements on is looked through.
_DEPTH = 6
_HERE = str(Path(__file__).parent)
_LIBRARIES = tuple({path for name, path in sysconfig.get_paths().items() if name != "data"})
_OFFSET = re.compile(r"\boffset\s+(?:%\((?P<name>\w+)\)s|(?P<next>%s)|\$(?P<number>\d+))", re.IGNORECASE)
_TESTS = re.compile(r"(^|/)(conftest\.py|test_[^/]*\.py|[^/]*_test\.py|tests\.py|tests?/.*)$")
_PLACEHOLDER = re.compile(r"%s")
_LIKE = re.compile(r"\bi?like\b", re.IGNORECASE)
_OPENS, _CLOSES = ("savepoint",), ("release", "rollback to")

#: A place in the program: file and line.
Line = tuple[str, int]
#: SQL, lines from the inside out, test, transaction, a pattern began with a wildcard, OFFSET.
Sent = tuple[str, tuple[Line, ...], str, int | None, bool, int | None]


class Recorder:
    """Keeps what is sent. One per process, told by the drivers' hooks."""

    def __init__(self, root: Path) -> None:
        """Name files from `root`."""
        self.test = ""
        self.sent: list[Sent] = []
        self._root = root
        self._ours: dict[str, str | None] = {}
        #: By text: whether it compares patterns, and where its OFFSET is a parameter.
        self._texts: dict[str, tuple[bool, re.Match[str] | None]] = {}
        self._transactions: dict[int, int] = {}
        self._depths: dict[int, int] = defaultdict(int)
        self._last = 0

    def record(self, sql: str, parameters: Any, *, connection: int, began: bool, within: bool) -> None:
        """Keep one sending; `began`: it is the first of a transaction, `within`: it is inside one."""
        transaction = self._transaction(sql, connection, began=began, within=within)
        wildcard, offset = self._told(sql, parameters) if parameters else (False, None)
        self.sent.append((sql, self._lines(sys._getframe(1)), self.test, transaction, wildcard, offset))

    def nested(self, connection: int, change: int) -> None:
        """Note that a savepoint was opened (1) or closed (-1) on a connection."""
        self._depths[connection] = max(0, self._depths[connection] + change)
        if self._depths[connection] == (1 if change > 0 else 0):
            self._next(connection)

    def _transaction(self, sql: str, connection: int, *, began: bool, within: bool) -> int | None:
        if began or not within:
            self._depths[connection] = 0
            self._next(connection)
        word = sql.lstrip()[:11].lower()
        if word.startswith((*_OPENS, *_CLOSES)):
            self.nested(connection, 1 if word.startswith(_OPENS) else -1)
        return self._transactions[connection] if within or began else None

    def _told(self, sql: str, parameters: Any) -> tuple[bool, int | None]:
        """Return what the values tell: whether a pattern begins with a wildcard, and the OFFSET."""
        known = self._texts.get(sql)
        if known is None:
            known = self._texts[sql] = (_LIKE.search(sql) is not None, _OFFSET.search(sql))
        compares, offset = known
        wildcard = compares and any(isinstance(v, str) and v[:1] in ("%", "_") for v in _values(parameters))
        return wildcard, _offset(sql, offset, parameters) if offset else None

    def _next(self, connection: int) -> None:
        self._last += 1
        self._transactions[connection] = self._last

    def _lines(self, frame: FrameType | None) -> tuple[Line, ...]:
        """Return the program's own lines on the way here, from the inside out."""
        found: list[Line] = []
        while frame is not None and len(found) < _DEPTH:
            name = frame.f_code.co_filename
            ours = self._ours.get(name, "")
            if ours == "":
                ours = self._ours[name] = self._named(name)
            if ours is not None:
                found.append((ours, frame.f_lineno))
            frame = frame.f_back
        return tuple(found)

    def _named(self, filename: str) -> str | None:
        """Return the name of a file of the program's own; None for libraries, and for what is no file."""
        if filename.startswith((_HERE, *_LIBRARIES, "<")) or "site-packages" in filename:
            return None
        path = Path(filename)
        return str(path.relative_to(self._root)) if path.is_relative_to(self._root) else None


def resolved(sent: Sequence[Sent]) -> tuple[tuple[Statement, ...], tuple[Execution, ...], int]:
    """Return the program's statements with their places, who sent what when, and how many the tests sent alone."""
    numbered = {sql: placeholders.numbered(sql) for sql in {each[0] for each in sent}}
    prints = {sql: sqltext.fingerprint(text) for sql, text in numbered.items()}
    passes_on = _passing_lines(sent, prints)
    statements, executions = [], []
    for sql, lines, test, transaction, wildcard, offset in sent:
        origin = _origin(lines, passes_on)
        if origin is None:
            continue
        place = Place(*origin, test)
        statements.append(Statement(numbered[sql], prints[sql], (place,), wildcard, offset))
        executions.append(Execution(prints[sql], place, transaction))
    return merged(statements), tuple(executions), len(sent) - len(executions)


def _passing_lines(sent: Sequence[Sent], prints: Mapping[str, str]) -> frozenset[Line]:
    """Return the lines that only pass on what others wrote: different statements from different callers."""
    statements: dict[Line, set[str]] = defaultdict(set)
    callers: dict[Line, set[Line]] = defaultdict(set)
    for sql, lines, *_ in sent:
        for line, caller in pairwise(lines):
            statements[line].add(prints[sql])
            callers[line].add(caller)
    return frozenset(line for line in callers if len(statements[line]) > 1 and len(callers[line]) > 1)


def _origin(lines: tuple[Line, ...], passes_on: frozenset[Line]) -> Line | None:
    """Return the program's line a statement comes from: the innermost that does not merely pass it on.

    None when the tests sent it themselves: what they prepare and look up is not what production runs.
    """
    own = list(takewhile(lambda line: not _TESTS.search(line[0]), lines))
    return next((line for line in own if line not in passes_on), own[-1] if own else None)


def _values(parameters: Any) -> Iterator[Any]:
    if isinstance(parameters, Mapping):
        yield from parameters.values()
    elif isinstance(parameters, list | tuple):
        yield from parameters


def _offset(sql: str, found: re.Match[str], parameters: Any) -> int | None:
    if found["name"]:
        value = parameters.get(found["name"]) if isinstance(parameters, Mapping) else None
    elif isinstance(parameters, list | tuple):
        before = len(_PLACEHOLDER.findall(sql, 0, found.start()))
        number = before if found["next"] else int(found["number"]) - 1
        value = parameters[number] if number < len(parameters) else None
    else:
        value = None
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdigit()) else None
