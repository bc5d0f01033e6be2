"""Errors the server reports (source: its log, when it lies on this machine and may be read).

Only counts leave: by code, by the table or sequence a known message names, by statement. A statement is normalised as
it is read, so that no value of it is kept. Read from the end on: what was written before we looked is not told.
"""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import psutil

from failonce.model.snapshot import ServerError, ServerErrors
from failonce.observe.connection import Connection
from failonce.observe.fingerprints import Fingerprints
from failonce.observe.logline import Line, LineReader
from failonce.observe.source import Parts, Unseen

# A storm of errors writes faster than anybody needs to read: beyond this the rest of a tick is skipped.
_MOST_BYTES = 512 * 1024
# The server turns to another file at midnight, or when one is full.
_ASK_AGAIN_S = 30.0
_OURS = "application='failonce'"
_COMMENT = re.compile(r"\s*/\*([^*]*)\*/")

_ELSEWHERE = Unseen(
    "the database is not said to run on this machine",
    hint="run failonce on the database's machine and say that the target is local",
    lasting=True,
)
_NO_FILE = Unseen(
    "the server does not say where its log is",
    hint="set log_file in failonce.toml, or logging_collector = on and log_destination = 'stderr' in postgresql.conf",
    lasting=True,
)
_NOT_TOLD = Unseen(
    "failonce's role may not ask the server where its log is",
    hint="GRANT EXECUTE ON FUNCTION pg_current_logfile(text) TO pg_monitor; or set log_file in failonce.toml",
    lasting=True,
)


@dataclass(slots=True)
class _Place:
    """A log file and how far it was read."""

    path: Path
    inode: int
    offset: int


class ServerLog:
    """Counts of errors since the previous reading."""

    name = "errors"
    impact = "errors that the server reports (permissions, sequences, a full disk) are not known"

    def __init__(
        self, connection: Connection, fingerprints: Fingerprints, *, local: bool, log_file: str | None = None
    ) -> None:
        """`log_file` is where the log is, when the server does not say so itself."""
        self._connection = connection
        self._fingerprints = fingerprints
        self._local = local
        self._log_file = log_file
        self._reader = LineReader("")
        self._place: _Place | None = None
        self._asked_s = float("-inf")
        self._read_s: float | None = None
        #: Where the server keeps its data; None until it was asked, or when it does not say.
        self.data_directory: str | None = None

    def read(self, at: datetime) -> Parts:
        if not self._local:
            raise _ELSEWHERE
        now_s = time.monotonic()
        if now_s - self._asked_s >= _ASK_AGAIN_S:
            self._find()
            self._asked_s = now_s
        before_s, self._read_s = self._read_s, now_s
        text = self._news()
        if before_s is None:
            return {}
        rows = tuple(self._rows(text.splitlines()))
        return {"errors": ServerErrors(now_s - before_s, rows)}

    def _find(self) -> None:
        """Ask the server for its log; go on with the file known so far when it is the same."""
        row = self._connection.rows("log")[0]
        self.data_directory = row.data_directory
        self._reader = LineReader(row.prefix)
        file = self._connection.rows("log_file")[0].file if row.may_ask else None
        pid = self._connection.backend_pid
        path = log_path(file, row.data_directory, pid, configured=self._log_file, may_ask=row.may_ask)
        if self._place is None or self._place.path != path:
            found = stat_of(path)
            # Of a file the server has just turned to, nothing is read yet.
            offset = found.st_size if self._place is None else 0
            self._place = _Place(path, found.st_ino, offset)

    def _news(self) -> str:
        """Return what was written since the previous reading, whole lines only."""
        place = self._place
        assert place is not None
        found = stat_of(place.path)
        if found.st_ino != place.inode or found.st_size < place.offset:
            # Rotated under the same name, or emptied.
            place.inode, place.offset = found.st_ino, 0
        written = read_from(place.path, place.offset)
        whole = written[: written.rfind(b"\n") + 1]
        place.offset = found.st_size if len(written) == _MOST_BYTES else place.offset + len(whole)
        return whole.decode(errors="replace")

    def _rows(self, lines: Iterable[str]) -> Iterator[ServerError]:
        counts = Counter(error for error in self._errors(lines) if error is not None)
        return (replace(error, count=n) for error, n in counts.items())

    def _errors(self, lines: Iterable[str]) -> Iterator[ServerError | None]:
        """Yield each error with what the lines after it tell of its statement; ours are left out."""
        error: ServerError | None = None
        for line in _entries(lines, self._reader.line):
            if line.severity == "STATEMENT" and error is not None:
                error = self._of_statement(error, line)
            elif line.is_error:
                yield error
                error = self._error(line)
            elif line.severity == "LOG":
                yield error
                error = None
        yield error

    def _error(self, line: Line) -> ServerError | None:
        if line.application == "failonce" or (line.database or self._connection.database) != self._connection.database:
            return None
        known = self._fingerprints.of(line.query_id) if line.query_id else None
        return ServerError(line.code, 1, line.subject, known)

    def _of_statement(self, error: ServerError, line: Line) -> ServerError | None:
        if _OURS in line.message:
            return None
        comment = _COMMENT.match(line.message)
        return replace(
            error,
            fingerprint=error.fingerprint or self._fingerprint(line.message),
            route=_tag("route", comment),
            release=_tag("release", comment),
        )

    def _fingerprint(self, text: str) -> str | None:
        """Return a statement's fingerprint; None when a backslash may hide a literal's end: to guess could leak."""
        return None if "\\'" in text else self._fingerprints.of_text(text)


def _tag(name: str, comment: re.Match[str] | None) -> str | None:
    found = re.search(rf"\b{name}='([^']*)'", comment[1]) if comment else None
    return found[1] if found else None


def _entries(lines: Iterable[str], read: Callable[[str], Line | None]) -> Iterator[Line]:
    """Yield the log's entries; a line that begins with a tab goes on with the one before."""
    entry: Line | None = None
    for text in lines:
        if text.startswith("\t"):
            entry = replace(entry, message=f"{entry.message}\n{text[1:]}") if entry else None
            continue
        if entry is not None:
            yield entry
        entry = read(text)
    if entry is not None:
        yield entry


def log_path(
    current: str | None,
    data_directory: str | None,
    backend_pid: int | None,
    *,
    configured: str | None,
    may_ask: bool = True,
) -> Path:
    """Return where the server's log is: where it was said to be, or as the server tells. Raises Unseen."""
    if configured:
        return Path(configured)
    if current and data_directory:
        return Path(data_directory) / current
    if path := _standard_error(backend_pid):
        return path
    raise _NO_FILE if may_ask else _NOT_TOLD


def _standard_error(backend_pid: int | None) -> Path | None:
    """Return the file the postmaster writes its standard error to, as distributions let it; root may see it."""
    try:
        parent = psutil.Process(backend_pid).ppid() if backend_pid else 0
        path = Path(os.readlink(f"/proc/{parent}/fd/2"))
    except (psutil.Error, OSError):
        return None
    return path if path.is_file() else None


def stat_of(path: Path) -> os.stat_result:
    """Return the log file's size and more. Raises Unseen."""
    try:
        return path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error


def read_from(path: Path, offset: int) -> bytes:
    """Return what stands in the log from an offset on, up to as much as a tick reads. Raises Unseen."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            return file.read(_MOST_BYTES)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> Unseen:
    return Unseen(
        f"the server's log {path.name} cannot be read: {error.strerror}",
        hint="let failonce's user read it: log_file_mode = 0640, and its group",
        lasting=True,
    )
